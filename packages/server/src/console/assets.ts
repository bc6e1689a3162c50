import { readFile, readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Nothing from anywhere else, nothing inline, nothing evaluated, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Below it, names carry a hash of what is in them. */
const HASHED = 'assets/';
/** Smaller ones are not worth it. */
const COMPRESSED_BYTES_MIN = 1024;
const BROTLI_QUALITY = 5;

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzip: Buffer | undefined;
  readonly brotli: Buffer | undefined;
}

/** The files of one build, in memory: plain, gzip and brotli. */
export class Assets {
  readonly #files: ReadonlyMap<string, Asset>;

  private constructor(files: ReadonlyMap<string, Asset>) {
    this.#files = files;
  }

  /** Rejects where there is no build. */
  static async read(directory: string): Promise<Assets> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = await Promise.all(
      entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          return [relative(directory, path).split(sep).join('/'), await readAsset(path)] as const;
        }),
    );
    const assets = new Assets(new Map(files));
    if (!assets.#files.has('index.html')) throw new Error(`there is no index.html in ${directory}`);
    return assets;
  }

  /** `name` is the path below `/_stepyard/`: a file, or a place within the console, which its page knows. */
  answer(name: string, request: IncomingMessage, response: ServerResponse): void {
    const file = this.#files.get(name);
    const isPlace = file === undefined && !name.startsWith(HASHED) && acceptsHtml(request);
    const asset = isPlace ? this.#files.get('index.html') : file;
    if (asset === undefined) {
      writePage(response, 404, 'text/plain; charset=utf-8', Buffer.from('There is no such file.\n'));
      return;
    }
    const accepted = request.headers['accept-encoding'] ?? '';
    const brotli = /\bbr\b/u.test(accepted) ? asset.brotli : undefined;
    const gzipped = brotli === undefined && /\bgzip\b/u.test(accepted) ? asset.gzip : undefined;
    writePage(response, 200, asset.type, brotli ?? gzipped ?? asset.plain, {
      'cache-control': name.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(brotli === undefined ? {} : { 'content-encoding': 'br' }),
      ...(gzipped === undefined ? {} : { 'content-encoding': 'gzip' }),
    });
  }
}

export function acceptsHtml(request: IncomingMessage): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}

/** Writes a page with the headers that every page of the console has. */
export function writePage(
  response: ServerResponse,
  statusCode: number,
  type: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(statusCode, {
    ...PAGE_HEADERS,
    'content-type': type,
    'content-length': body.length,
    ...headers,
  });
  response.end(body);
}

async function readAsset(path: string): Promise<Asset> {
  const plain = await readFile(path);
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const isText = type.includes('charset') && plain.length >= COMPRESSED_BYTES_MIN;
  if (!isText) return { type, plain, gzip: undefined, brotli: undefined };
  const [gzipped, brotli] = await Promise.all([
    promisify(gzip)(plain),
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  ]);
  return { type, plain, gzip: gzipped, brotli };
}
