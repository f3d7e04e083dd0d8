/** Longest message that DSQL takes, in bytes. */
export const LONGEST_MESSAGE = 10 * 1024 * 1024;

/** Reads what a client sends as messages of PostgreSQL's protocol, version 3. */
export interface MessageReader {
    /** Takes bytes, and answers the messages that are whole by then. @throws When a message is too long. */
    push(chunk: Buffer): Buffer[];
    /** From now on messages begin with a letter; before, with their length. */
    started(): void;
    /** How many bytes are there of what is not whole yet. */
    rest(): number;
}

export function createMessageReader(): MessageReader {
    let chunks: Buffer[] = [];
    let held = 0;
    let wanted = 0;
    let lengthAt = 0;
    return {
        push(chunk) {
            chunks.push(chunk);
            held += chunk.length;
            // A long message comes in many chunks, which are put together once.
            if (held < wanted) return [];
            let pending = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
            const messages: Buffer[] = [];
            wanted = 0;
            while (pending.length >= lengthAt + 4) {
                const length = lengthAt + pending.readInt32BE(lengthAt);
                if (length > LONGEST_MESSAGE || length < lengthAt + 4) {
                    throw new Error("a message is too long");
                }
                if (pending.length < length) {
                    wanted = length;
                    break;
                }
                messages.push(pending.subarray(0, length));
                pending = pending.subarray(length);
                // The next message may have another form, and its reader knows only after this one.
                if (lengthAt === 0) break;
            }
            chunks = pending.length === 0 ? [] : [pending];
            held = pending.length;
            return messages;
        },
        started: () => void (lengthAt = 1),
        rest: () => held,
    };
}

/** Code and parameters of a client's first message. */
export interface Startup {
    /** The protocol's version, or the number of a request. */
    readonly code: number;
    readonly parameters: ReadonlyMap<string, string>;
}

export const SSL_REQUEST = 80_877_103;
export const GSS_REQUEST = 80_877_104;
export const CANCEL_REQUEST = 80_877_102;

/** Reads a first message. */
export function readStartup(message: Buffer): Startup {
    const texts = message.toString("utf8", 8).split("\0");
    const parameters = new Map<string, string>();
    for (let index = 0; index + 1 < texts.length && texts[index] !== ""; index += 2) {
        parameters.set(texts[index], texts[index + 1]);
    }
    return { code: message.readInt32BE(4), parameters };
}

/** Writes a first message. */
export function startup({ code, parameters }: Startup): Buffer {
    const texts = [...parameters].map(([name, value]) => `${name}\0${value}\0`).join("");
    const body = Buffer.from(`${texts}\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + body.length, 0);
    head.writeInt32BE(code, 4);
    return Buffer.concat([head, body]);
}

/** A message that begins with a letter. */
export function message(letter: string, body: Buffer): Buffer {
    const head = Buffer.alloc(5);
    head.write(letter, 0, "latin1");
    head.writeInt32BE(4 + body.length, 1);
    return Buffer.concat([head, body]);
}

/** Asks the client for a password in clear, which is fit for a token that TLS hides. */
export const PASSWORD_REQUEST = message("R", Buffer.from([0, 0, 0, 3]));

/** An error that ends the connection. */
export function fatal(code: string, text: string, hint?: string): Buffer {
    const fields = [["S", "FATAL"], ["V", "FATAL"], ["C", code], ["M", text], ...(hint ? [["H", hint]] : [])];
    return message("E", Buffer.from(`${fields.map(([field, value]) => `${field}${value}\0`).join("")}\0`));
}

/** The message with its SQL replaced; other messages, and those whose SQL stays, as they are. */
export function withSql(original: Buffer, translate: (sql: string) => string): Buffer {
    const letter = String.fromCharCode(original[0]);
    if (letter !== "Q" && letter !== "P") {
        return original;
    }
    const sqlAt = letter === "Q" ? 5 : original.indexOf(0, 5) + 1;
    const sqlEnd = original.indexOf(0, sqlAt);
    const sql = original.toString("utf8", sqlAt, sqlEnd);
    const translated = translate(sql);
    return translated === sql
        ? original
        : message(
              letter,
              Buffer.concat([original.subarray(5, sqlAt), Buffer.from(translated), original.subarray(sqlEnd)]),
          );
}
