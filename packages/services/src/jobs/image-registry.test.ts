import { expect, test } from 'vitest';
import type { ContainerImage } from './image.ts';
import { ImageRegistry, IMAGES_MAX } from './image-registry.ts';

const image = (reference: string, directory: string): ContainerImage => ({
  reference,
  assetHash: 'h',
  directory,
  dockerfile: 'Dockerfile',
  buildArgs: {},
  target: undefined,
});

test('keeps so many images; a known one can still be replaced', () => {
  const images = new ImageRegistry();
  for (let i = 0; i < IMAGES_MAX; i += 1) images.register(image(`i${i}`, '/a'));
  images.register(image('i0', '/b'));
  expect(images.find('i0')?.directory).toBe('/b');
  expect(() => images.register(image('more', '/a'))).toThrow(
    `more than ${IMAGES_MAX} container images: more`,
  );
});
