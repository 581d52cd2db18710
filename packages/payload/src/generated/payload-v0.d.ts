import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace status. */
export namespace status {

    /** Namespace payload. */
    namespace payload {

        /** Namespace v0. */
        namespace v0 {

            /**
             * Properties of a StatusProtocolMessage.
             * @deprecated Use status.payload.v0.StatusProtocolMessage.$Properties instead.
             */
            interface IStatusProtocolMessage extends status.payload.v0.StatusProtocolMessage.$Properties {
            }

            /** Represents a StatusProtocolMessage. */
            class StatusProtocolMessage {

                /**
                 * Constructs a new StatusProtocolMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: status.payload.v0.StatusProtocolMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StatusProtocolMessage signature. */
                signature?: (Uint8Array|null);

                /** StatusProtocolMessage payload. */
                payload: Uint8Array;

                /**
                 * Creates a new StatusProtocolMessage instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StatusProtocolMessage instance
                 */
                static create(properties: status.payload.v0.StatusProtocolMessage.$Shape): status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape;
                static create(properties?: status.payload.v0.StatusProtocolMessage.$Properties): status.payload.v0.StatusProtocolMessage;

                /**
                 * Encodes the specified StatusProtocolMessage message. Does not implicitly {@link status.payload.v0.StatusProtocolMessage.verify|verify} messages.
                 * @param message StatusProtocolMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: status.payload.v0.StatusProtocolMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Encodes the specified StatusProtocolMessage message, length delimited. Does not implicitly {@link status.payload.v0.StatusProtocolMessage.verify|verify} messages.
                 * @param message StatusProtocolMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encodeDelimited(message: status.payload.v0.StatusProtocolMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StatusProtocolMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape} StatusProtocolMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape;

                /**
                 * Decodes a StatusProtocolMessage message from the specified reader or buffer, length delimited.
                 * @param reader Reader or buffer to decode from
                 * @returns {status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape} StatusProtocolMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape;

                /**
                 * Verifies a StatusProtocolMessage message.
                 * @param message Plain object to verify
                 * @returns `null` if valid, otherwise the reason why it is not
                 */
                static verify(message: { [k: string]: any }): (string|null);

                /**
                 * Creates a StatusProtocolMessage message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns StatusProtocolMessage
                 */
                static fromObject(object: { [k: string]: any }): status.payload.v0.StatusProtocolMessage;

                /**
                 * Creates a plain object from a StatusProtocolMessage message. Also converts values to other types if specified.
                 * @param message StatusProtocolMessage
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: status.payload.v0.StatusProtocolMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this StatusProtocolMessage to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };

                /**
                 * Gets the type url for StatusProtocolMessage
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace StatusProtocolMessage {

                /** Properties of a StatusProtocolMessage. */
                interface $Properties {

                    /** StatusProtocolMessage signature */
                    signature?: (Uint8Array|null);

                    /** StatusProtocolMessage payload */
                    payload?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StatusProtocolMessage. */
                type $Shape = status.payload.v0.StatusProtocolMessage.$Properties;
            }
        }
    }
}
