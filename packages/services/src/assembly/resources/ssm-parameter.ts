import { textOf } from '../assets.ts';
import { pick } from '../members.ts';
import type { Provisioner } from '../provisioner.ts';

/** AWS::SSM::Parameter; deployed again it has the value of the template. */
export const ssmParameter: Provisioner = {
  type: 'AWS::SSM::Parameter',
  async create(properties, context) {
    const name = context.name(properties['Name'], { lengthMax: 1011 });
    const given = pick(properties, ['Type', 'Value', 'Description', 'Tier', 'DataType']);
    await context.target.call({
      service: 'ssm',
      operation: 'PutParameter',
      input: { ...given, Name: name, Overwrite: true },
    });
    return {
      ref: name,
      attributes: { Type: textOf(given['Type']) ?? '', Value: textOf(given['Value']) ?? '' },
    };
  },
};
