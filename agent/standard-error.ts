/** Standard error, for lines that nobody ever waits for: Node holds them while a pipe is full. */

/** More than that is not held for a reader that does not come: it is dropped, and how much was is said once there is room again. */
const mostHeldBytes = 1024 * 1024

/** `open` is called with each chunk: an agent that has nothing to say need not open the stream, which costs a part of its start. */
export function createErrorWriter(
  open: () => Pick<NodeJS.WriteStream, 'write' | 'writableLength'>,
): (chunk: string | Uint8Array) => void {
  let dropped = 0
  return (chunk) => {
    const stream = open()
    if (stream.writableLength > mostHeldBytes) {
      dropped += chunk.length
      return
    }
    if (dropped > 0) stream.write(`(${dropped} bytes of the log were dropped)\n`)
    dropped = 0
    stream.write(chunk)
  }
}
