/** One frame of an animation: a still WebP as created by a browser. */
export interface Frame {
  webp: Buffer;
  durationMs: number;
}

const HEADER = 12;
/** Parts of a still picture that a frame consists of; the rest (metadata) is left out. */
const PICTURE = new Set(['ALPH', 'VP8 ', 'VP8L']);
const HAS_ANIMATION = 0x02;
/** The frame replaces the previous one. */
const NO_BLENDING = 0x02;

function writeChunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function readPicture(webp: Buffer): Buffer {
  if (webp.toString('latin1', 0, 4) !== 'RIFF' || webp.toString('latin1', 8, HEADER) !== 'WEBP')
    throw new Error('a frame is not a WebP');
  const parts: Buffer[] = [];
  for (let at = HEADER; at + 8 <= webp.length;) {
    const end = at + 8 + webp.readUInt32LE(at + 4);
    if (PICTURE.has(webp.toString('latin1', at, at + 4)))
      parts.push(writeChunk(webp.toString('latin1', at, at + 4), webp.subarray(at + 8, end)));
    at = end + (end % 2);
  }
  if (parts.length === 0) throw new Error('a frame has no picture');
  return Buffer.concat(parts);
}

/** Creates an animated WebP that is repeated endlessly; all frames have this size. */
export function writeAnimation(frames: readonly Frame[], { width, height }: { width: number; height: number }): Buffer {
  const extended = Buffer.alloc(10);
  extended.writeUInt8(HAS_ANIMATION, 0);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const chunks = frames.map(({ webp, durationMs }) => {
    const head = Buffer.alloc(16);
    head.writeUIntLE(width - 1, 6, 3);
    head.writeUIntLE(height - 1, 9, 3);
    head.writeUIntLE(durationMs, 12, 3);
    head.writeUInt8(NO_BLENDING, 15);
    return writeChunk('ANMF', Buffer.concat([head, readPicture(webp)]));
  });
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    writeChunk('VP8X', extended),
    writeChunk('ANIM', Buffer.alloc(6)),
    ...chunks,
  ]);
  return writeChunk('RIFF', body);
}
