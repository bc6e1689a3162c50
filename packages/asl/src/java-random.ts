/**
 * `java.util.Random`: the 48-bit linear congruential generator of the Java platform, by its published specification.
 * Step Functions' seeded random numbers are its output bit for bit (`$random(42)` is 0.7275636800328681).
 */
export class JavaRandom {
  private state: bigint;

  constructor(seed: bigint) {
    this.state = (seed ^ 0x5deece66dn) & 0xffffffffffffn;
  }

  /** The next `bits` bits, 1 to 32, as a signed 32-bit integer. */
  private next(bits: number): number {
    this.state = (this.state * 0x5deece66dn + 0xbn) & 0xffffffffffffn;
    return Number(BigInt.asIntN(32, this.state >> BigInt(48 - bits)));
  }

  nextDouble(): number {
    const high = BigInt(this.next(26));
    const low = BigInt(this.next(27));
    return Number((high << 27n) + low) * 2 ** -53;
  }

  /** An integer in [0, bound); bound is at most 2^31 - 1. */
  nextInt(bound: number): number {
    if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(this.next(31))) >> 31n);
    for (;;) {
      const bits = this.next(31);
      const value = bits % bound;
      if (bits - value + (bound - 1) <= 2_147_483_647) return value;
    }
  }
}
