import { ServiceError } from '@stepyard/engine';
import { PARTITION, REGION } from '../../service.ts';
import { URL_SUFFIX } from '../assets.ts';
import type { Provisioner } from '../provisioner.ts';

/** What a bucket has in AWS and not here. */
const UNHOSTED = ['NotificationConfiguration', 'ReplicationConfiguration', 'WebsiteConfiguration'];

/** AWS::S3::Bucket. A bucket that exists keeps its objects. */
export const s3Bucket: Provisioner = {
  type: 'AWS::S3::Bucket',
  async create(properties, context) {
    const name = context.name(properties['BucketName'], { lengthMax: 63, lowerCase: true });
    try {
      await context.target.call({ service: 's3', operation: 'CreateBucket', input: { Bucket: name } });
    } catch (error) {
      const isThere = error instanceof ServiceError && error.code.startsWith('BucketAlready');
      if (!isThere) throw error;
    }
    for (const property of UNHOSTED) {
      if (properties[property] !== undefined) context.unhosted(`its ${property}`);
    }
    return {
      ref: name,
      attributes: {
        Arn: `arn:${PARTITION}:s3:::${name}`,
        DomainName: `${name}.s3.${URL_SUFFIX}`,
        DualStackDomainName: `${name}.s3.dualstack.${REGION}.${URL_SUFFIX}`,
        RegionalDomainName: `${name}.s3.${REGION}.${URL_SUFFIX}`,
        WebsiteURL: `http://${name}.s3-website-${REGION}.${URL_SUFFIX}`,
      },
    };
  },
};
