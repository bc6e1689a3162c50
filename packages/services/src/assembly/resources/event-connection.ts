import { ServiceError } from '@stepyard/engine';
import { asText } from '../../member.ts';
import { textOf } from '../assets.ts';
import type { Provisioner } from '../provisioner.ts';

/** AWS::Events::Connection, with which HTTP Tasks call servers outside. One that exists gets the parameters of the template. */
export const eventConnection: Provisioner = {
  type: 'AWS::Events::Connection',
  async create(properties, context) {
    const Name = context.name(properties['Name'], { lengthMax: 64 });
    const { AuthorizationType, AuthParameters, Description } = properties;
    const input = {
      Name,
      ...(AuthorizationType === undefined ? {} : { AuthorizationType }),
      ...(AuthParameters === undefined ? {} : { AuthParameters }),
      ...(textOf(Description) === undefined ? {} : { Description: asText(Description) }),
    };
    const call = (operation: string): ReturnType<typeof context.target.call> =>
      context.target.call({ service: 'eventbridge', operation, input });
    try {
      await call('CreateConnection');
    } catch (error) {
      const isThere = error instanceof ServiceError && error.code === 'ResourceAlreadyExistsException';
      if (!isThere) throw error;
      await call('UpdateConnection');
    }
    const { output } = await context.target.call({
      service: 'eventbridge',
      operation: 'DescribeConnection',
      input: { Name },
    });
    const Arn = asText(output['ConnectionArn']);
    return { ref: Name, attributes: { Arn, ArnForPolicy: Arn, SecretArn: asText(output['SecretArn']) } };
  },
};
