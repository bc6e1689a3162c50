import { expect, test } from 'vitest';
import { ImageRegistry, IMAGES_MAX } from './image-registry.ts';

test('keeps so many images; a known one can still be replaced', () => {
  const images = new ImageRegistry();
  const image = (reference: string, directory: string) => ({
    reference,
    assetHash: 'h',
    directory,
    dockerfile: 'Dockerfile',
    buildArgs: {},
    target: undefined,
  });
  for (let i = 0; i < IMAGES_MAX; i += 1) images.register(image(`i${i}`, '/a'));
  images.register(image('i0', '/b'));
  expect(images.find('i0')?.directory).toBe('/b');
  expect(() => images.register(image('more', '/a'))).toThrow(
    `more than ${IMAGES_MAX} container images: more`,
  );
});
