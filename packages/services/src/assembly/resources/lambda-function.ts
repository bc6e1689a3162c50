import { isArray, type JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { ACCOUNT_ID, PARTITION, REGION } from '../../service.ts';
import { objectOf, textOf } from '../assets.ts';
import { attributeText, numberOf } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';
import type { Provisioned } from '../scope.ts';

const TIMEOUT_SECONDS_DEFAULT = 3;
const MEMORY_MB_DEFAULT = 128;

/**
 * AWS::Lambda::Function from a file asset or from code in the template. A function that the yard cannot run (its runtime, an image,
 * layers) is reported; invoking it fails as for a function that does not exist.
 */
export const lambdaFunction: Provisioner = {
  type: 'AWS::Lambda::Function',
  async create(properties, context) {
    const name = context.name(properties['FunctionName'], { lengthMax: 64 });
    const layers = properties['Layers'];
    if (properties['PackageType'] === 'Image') {
      context.unhosted('a function from a container image');
    } else if (isArray(layers) && layers.length > 0) {
      context.unhosted('a function with layers');
    } else {
      try {
        await deploy(name, properties, context);
      } catch (error) {
        // A runtime that cannot run here, say: the other functions need not suffer for it.
        if (!(error instanceof ServiceError)) throw error;
        context.unhosted(error.message);
      }
    }
    return described(name);
  },
};

function described(name: string): Provisioned {
  const arn = `arn:${PARTITION}:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
  return { ref: name, attributes: { Arn: arn } };
}

async function deploy(name: string, properties: JsonObject, context: ProvisionContext): Promise<void> {
  const variables = objectOf(objectOf(properties['Environment'])['Variables']);
  const architectures = properties['Architectures'];
  await context.target.deployFunction({
    functionName: name,
    runtime: textOf(properties['Runtime']) ?? '',
    handler: textOf(properties['Handler']) ?? '',
    ...codeOf(properties, context),
    environment: Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, attributeText(value)]),
    ),
    timeoutSeconds: numberOf(properties['Timeout']) ?? TIMEOUT_SECONDS_DEFAULT,
    memoryMb: numberOf(properties['MemorySize']) ?? MEMORY_MB_DEFAULT,
    architectures: isArray(architectures) ? architectures.map((item) => attributeText(item)) : ['x86_64'],
    roleArn: textOf(properties['Role']) ?? '',
    description: textOf(properties['Description']) ?? '',
  });
}

function codeOf(
  properties: JsonObject,
  context: ProvisionContext,
): { readonly codePath: string | undefined; readonly inlineCode: string | undefined } {
  const code = objectOf(properties['Code']);
  const inlineCode = textOf(code['ZipFile']);
  if (inlineCode !== undefined) return { codePath: undefined, inlineCode };
  const bucket = textOf(code['S3Bucket']) ?? '';
  const key = textOf(code['S3Key']) ?? '';
  const codePath = context.assets.file(bucket, key);
  if (codePath === undefined) throw new Error(`its code s3://${bucket}/${key} is no asset of the assembly`);
  return { codePath, inlineCode: undefined };
}
