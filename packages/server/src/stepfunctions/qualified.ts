/** Whether a state machine's ARN carries a version's number or an alias's name: `...:stateMachine:<name>:<qualifier>`. */
export function isQualified(arn: string): boolean {
  return arn.split(':').length > 7;
}
