import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace status. */
export namespace status {

    /** Namespace mvds. */
    namespace mvds {

        /** Namespace metadata. */
        namespace metadata {

            /**
             * Properties of a Payload.
             * @deprecated Use status.mvds.metadata.Payload.$Properties instead.
             */
            interface IPayload extends status.mvds.metadata.Payload.$Properties {
            }

            /** Represents a Payload. */
            class Payload {

                /**
                 * Constructs a new Payload.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: status.mvds.metadata.Payload.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Payload acks. */
                acks: Uint8Array[];

                /** Payload offers. */
                offers: Uint8Array[];

                /** Payload requests. */
                requests: Uint8Array[];

                /** Payload messages. */
                messages: status.mvds.metadata.Message.$Properties[];

                /**
                 * Creates a new Payload instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Payload instance
                 */
                static create(properties: status.mvds.metadata.Payload.$Shape): status.mvds.metadata.Payload & status.mvds.metadata.Payload.$Shape;
                static create(properties?: status.mvds.metadata.Payload.$Properties): status.mvds.metadata.Payload;

                /**
                 * Encodes the specified Payload message. Does not implicitly {@link status.mvds.metadata.Payload.verify|verify} messages.
                 * @param message Payload message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: status.mvds.metadata.Payload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Encodes the specified Payload message, length delimited. Does not implicitly {@link status.mvds.metadata.Payload.verify|verify} messages.
                 * @param message Payload message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encodeDelimited(message: status.mvds.metadata.Payload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Payload message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {status.mvds.metadata.Payload & status.mvds.metadata.Payload.$Shape} Payload
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.mvds.metadata.Payload & status.mvds.metadata.Payload.$Shape;

                /**
                 * Decodes a Payload message from the specified reader or buffer, length delimited.
                 * @param reader Reader or buffer to decode from
                 * @returns {status.mvds.metadata.Payload & status.mvds.metadata.Payload.$Shape} Payload
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.mvds.metadata.Payload & status.mvds.metadata.Payload.$Shape;

                /**
                 * Verifies a Payload message.
                 * @param message Plain object to verify
                 * @returns `null` if valid, otherwise the reason why it is not
                 */
                static verify(message: { [k: string]: any }): (string|null);

                /**
                 * Creates a Payload message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns Payload
                 */
                static fromObject(object: { [k: string]: any }): status.mvds.metadata.Payload;

                /**
                 * Creates a plain object from a Payload message. Also converts values to other types if specified.
                 * @param message Payload
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: status.mvds.metadata.Payload, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this Payload to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };

                /**
                 * Gets the type url for Payload
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace Payload {

                /** Properties of a Payload. */
                interface $Properties {

                    /** Payload acks */
                    acks?: (Uint8Array[]|null);

                    /** Payload offers */
                    offers?: (Uint8Array[]|null);

                    /** Payload requests */
                    requests?: (Uint8Array[]|null);

                    /** Payload messages */
                    messages?: (status.mvds.metadata.Message.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Payload. */
                type $Shape = status.mvds.metadata.Payload.$Properties;
            }

            /**
             * Properties of a Metadata.
             * @deprecated Use status.mvds.metadata.Metadata.$Properties instead.
             */
            interface IMetadata extends status.mvds.metadata.Metadata.$Properties {
            }

            /** Represents a Metadata. */
            class Metadata {

                /**
                 * Constructs a new Metadata.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: status.mvds.metadata.Metadata.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Metadata parents. */
                parents: Uint8Array[];

                /** Metadata ephemeral. */
                ephemeral: boolean;

                /**
                 * Creates a new Metadata instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Metadata instance
                 */
                static create(properties: status.mvds.metadata.Metadata.$Shape): status.mvds.metadata.Metadata & status.mvds.metadata.Metadata.$Shape;
                static create(properties?: status.mvds.metadata.Metadata.$Properties): status.mvds.metadata.Metadata;

                /**
                 * Encodes the specified Metadata message. Does not implicitly {@link status.mvds.metadata.Metadata.verify|verify} messages.
                 * @param message Metadata message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: status.mvds.metadata.Metadata.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Encodes the specified Metadata message, length delimited. Does not implicitly {@link status.mvds.metadata.Metadata.verify|verify} messages.
                 * @param message Metadata message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encodeDelimited(message: status.mvds.metadata.Metadata.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Metadata message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {status.mvds.metadata.Metadata & status.mvds.metadata.Metadata.$Shape} Metadata
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.mvds.metadata.Metadata & status.mvds.metadata.Metadata.$Shape;

                /**
                 * Decodes a Metadata message from the specified reader or buffer, length delimited.
                 * @param reader Reader or buffer to decode from
                 * @returns {status.mvds.metadata.Metadata & status.mvds.metadata.Metadata.$Shape} Metadata
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.mvds.metadata.Metadata & status.mvds.metadata.Metadata.$Shape;

                /**
                 * Verifies a Metadata message.
                 * @param message Plain object to verify
                 * @returns `null` if valid, otherwise the reason why it is not
                 */
                static verify(message: { [k: string]: any }): (string|null);

                /**
                 * Creates a Metadata message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns Metadata
                 */
                static fromObject(object: { [k: string]: any }): status.mvds.metadata.Metadata;

                /**
                 * Creates a plain object from a Metadata message. Also converts values to other types if specified.
                 * @param message Metadata
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: status.mvds.metadata.Metadata, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this Metadata to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };

                /**
                 * Gets the type url for Metadata
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace Metadata {

                /** Properties of a Metadata. */
                interface $Properties {

                    /** Metadata parents */
                    parents?: (Uint8Array[]|null);

                    /** Metadata ephemeral */
                    ephemeral?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Metadata. */
                type $Shape = status.mvds.metadata.Metadata.$Properties;
            }

            /**
             * Properties of a Message.
             * @deprecated Use status.mvds.metadata.Message.$Properties instead.
             */
            interface IMessage extends status.mvds.metadata.Message.$Properties {
            }

            /** Represents a Message. */
            class Message {

                /**
                 * Constructs a new Message.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: status.mvds.metadata.Message.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Message groupId. */
                groupId: Uint8Array;

                /** Message timestamp. */
                timestamp: (number|Long);

                /** Message body. */
                body: Uint8Array;

                /** Message metadata. */
                metadata?: (status.mvds.metadata.Metadata.$Properties|null);

                /**
                 * Creates a new Message instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Message instance
                 */
                static create(properties: status.mvds.metadata.Message.$Shape): status.mvds.metadata.Message & status.mvds.metadata.Message.$Shape;
                static create(properties?: status.mvds.metadata.Message.$Properties): status.mvds.metadata.Message;

                /**
                 * Encodes the specified Message message. Does not implicitly {@link status.mvds.metadata.Message.verify|verify} messages.
                 * @param message Message message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: status.mvds.metadata.Message.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Encodes the specified Message message, length delimited. Does not implicitly {@link status.mvds.metadata.Message.verify|verify} messages.
                 * @param message Message message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encodeDelimited(message: status.mvds.metadata.Message.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Message message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {status.mvds.metadata.Message & status.mvds.metadata.Message.$Shape} Message
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.mvds.metadata.Message & status.mvds.metadata.Message.$Shape;

                /**
                 * Decodes a Message message from the specified reader or buffer, length delimited.
                 * @param reader Reader or buffer to decode from
                 * @returns {status.mvds.metadata.Message & status.mvds.metadata.Message.$Shape} Message
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.mvds.metadata.Message & status.mvds.metadata.Message.$Shape;

                /**
                 * Verifies a Message message.
                 * @param message Plain object to verify
                 * @returns `null` if valid, otherwise the reason why it is not
                 */
                static verify(message: { [k: string]: any }): (string|null);

                /**
                 * Creates a Message message from a plain object. Also converts values to their respective internal types.
                 * @param object Plain object
                 * @returns Message
                 */
                static fromObject(object: { [k: string]: any }): status.mvds.metadata.Message;

                /**
                 * Creates a plain object from a Message message. Also converts values to other types if specified.
                 * @param message Message
                 * @param [options] Conversion options
                 * @returns Plain object
                 */
                static toObject(message: status.mvds.metadata.Message, options?: $protobuf.IConversionOptions): { [k: string]: any };

                /**
                 * Converts this Message to JSON.
                 * @returns JSON object
                 */
                toJSON(): { [k: string]: any };

                /**
                 * Gets the type url for Message
                 * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns The type url
                 */
                static getTypeUrl(prefix?: string): string;
            }

            namespace Message {

                /** Properties of a Message. */
                interface $Properties {

                    /** Message groupId */
                    groupId?: (Uint8Array|null);

                    /** Message timestamp */
                    timestamp?: (number|Long|null);

                    /** Message body */
                    body?: (Uint8Array|null);

                    /** Message metadata */
                    metadata?: (status.mvds.metadata.Metadata.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Message. */
                type $Shape = status.mvds.metadata.Message.$Properties;
            }
        }
    }
}
