import type { ContainerImage } from './image.ts';

/** Most images that a yard keeps build contexts of; an assembly has a handful. */
export const IMAGES_MAX = 1_000;

/** The build contexts behind image references. */
export class ImageRegistry {
  readonly #images = new Map<string, ContainerImage>();

  /** Adds or replaces; throws when {@link IMAGES_MAX} references are known. */
  register(image: ContainerImage): void {
    if (!this.#images.has(image.reference) && this.#images.size >= IMAGES_MAX) {
      throw new Error(`more than ${IMAGES_MAX} container images: ${image.reference}`);
    }
    this.#images.set(image.reference, image);
  }

  find(reference: string): ContainerImage | undefined {
    return this.#images.get(reference);
  }

  references(): readonly string[] {
    return [...this.#images.keys()];
  }
}
