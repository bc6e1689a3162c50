/** A container image that a build context of the assembly stands for. */
export interface ContainerImage {
  /** What container definitions call it: the resolved ECR URI, `000000000000.dkr.ecr.us-east-1.amazonaws.com/cdk-assets:<hash>`. */
  readonly reference: string;
  /** The asset's hash; names the built image. */
  readonly assetHash: string;
  /** Absolute path of the build context. */
  readonly directory: string;
  /** Dockerfile, relative to the directory. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Build stage to stop at; undefined: the last one. */
  readonly target: string | undefined;
}
