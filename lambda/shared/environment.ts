/** The value of an environment variable that the stack sets. Throws when it is absent: a deployment gone wrong. */
export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
  return value;
}
