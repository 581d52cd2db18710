import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace status. */
export namespace status {

    /** Namespace payload. */
    namespace payload {

        /**
         * Properties of an ApplicationMetadataMessage.
         * @deprecated Use status.payload.ApplicationMetadataMessage.$Properties instead.
         */
        interface IApplicationMetadataMessage extends status.payload.ApplicationMetadataMessage.$Properties {
        }

        /** Represents an ApplicationMetadataMessage. */
        class ApplicationMetadataMessage {

            /**
             * Constructs a new ApplicationMetadataMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.ApplicationMetadataMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ApplicationMetadataMessage signature. */
            signature?: (Uint8Array|null);

            /** ApplicationMetadataMessage payload. */
            payload: Uint8Array;

            /** ApplicationMetadataMessage type. */
            type: number;

            /**
             * Creates a new ApplicationMetadataMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ApplicationMetadataMessage instance
             */
            static create(properties: status.payload.ApplicationMetadataMessage.$Shape): status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape;
            static create(properties?: status.payload.ApplicationMetadataMessage.$Properties): status.payload.ApplicationMetadataMessage;

            /**
             * Encodes the specified ApplicationMetadataMessage message. Does not implicitly {@link status.payload.ApplicationMetadataMessage.verify|verify} messages.
             * @param message ApplicationMetadataMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.ApplicationMetadataMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified ApplicationMetadataMessage message, length delimited. Does not implicitly {@link status.payload.ApplicationMetadataMessage.verify|verify} messages.
             * @param message ApplicationMetadataMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.ApplicationMetadataMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ApplicationMetadataMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape} ApplicationMetadataMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape;

            /**
             * Decodes an ApplicationMetadataMessage message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape} ApplicationMetadataMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape;

            /**
             * Verifies an ApplicationMetadataMessage message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates an ApplicationMetadataMessage message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns ApplicationMetadataMessage
             */
            static fromObject(object: { [k: string]: any }): status.payload.ApplicationMetadataMessage;

            /**
             * Creates a plain object from an ApplicationMetadataMessage message. Also converts values to other types if specified.
             * @param message ApplicationMetadataMessage
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.ApplicationMetadataMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this ApplicationMetadataMessage to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for ApplicationMetadataMessage
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ApplicationMetadataMessage {

            /** Properties of an ApplicationMetadataMessage. */
            interface $Properties {

                /** ApplicationMetadataMessage signature */
                signature?: (Uint8Array|null);

                /** ApplicationMetadataMessage payload */
                payload?: (Uint8Array|null);

                /** ApplicationMetadataMessage type */
                type?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ApplicationMetadataMessage. */
            type $Shape = status.payload.ApplicationMetadataMessage.$Properties;
        }

        /**
         * Properties of a ChatMessage.
         * @deprecated Use status.payload.ChatMessage.$Properties instead.
         */
        interface IChatMessage extends status.payload.ChatMessage.$Properties {
        }

        /** Represents a ChatMessage. */
        class ChatMessage {

            /**
             * Constructs a new ChatMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.ChatMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ChatMessage clock. */
            clock: (number|Long);

            /** ChatMessage timestamp. */
            timestamp: (number|Long);

            /** ChatMessage text. */
            text: string;

            /** ChatMessage responseTo. */
            responseTo: string;

            /** ChatMessage ensName. */
            ensName: string;

            /** ChatMessage chatId. */
            chatId: string;

            /** ChatMessage messageType. */
            messageType: number;

            /** ChatMessage contentType. */
            contentType: number;

            /** ChatMessage sticker. */
            sticker?: (status.payload.Sticker.$Properties|null);

            /** ChatMessage image. */
            image?: (status.payload.Image.$Properties|null);

            /** ChatMessage view. */
            view: Uint8Array;

            /** ChatMessage content. */
            content?: ("sticker"|"image");

            /**
             * Creates a new ChatMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ChatMessage instance
             */
            static create(properties: status.payload.ChatMessage.$Shape): status.payload.ChatMessage & status.payload.ChatMessage.$Shape;
            static create(properties?: status.payload.ChatMessage.$Properties): status.payload.ChatMessage;

            /**
             * Encodes the specified ChatMessage message. Does not implicitly {@link status.payload.ChatMessage.verify|verify} messages.
             * @param message ChatMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.ChatMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified ChatMessage message, length delimited. Does not implicitly {@link status.payload.ChatMessage.verify|verify} messages.
             * @param message ChatMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.ChatMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ChatMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.ChatMessage & status.payload.ChatMessage.$Shape} ChatMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.ChatMessage & status.payload.ChatMessage.$Shape;

            /**
             * Decodes a ChatMessage message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.ChatMessage & status.payload.ChatMessage.$Shape} ChatMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.ChatMessage & status.payload.ChatMessage.$Shape;

            /**
             * Verifies a ChatMessage message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a ChatMessage message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns ChatMessage
             */
            static fromObject(object: { [k: string]: any }): status.payload.ChatMessage;

            /**
             * Creates a plain object from a ChatMessage message. Also converts values to other types if specified.
             * @param message ChatMessage
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.ChatMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this ChatMessage to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for ChatMessage
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ChatMessage {

            /** Properties of a ChatMessage. */
            interface $Properties {

                /** ChatMessage clock */
                clock?: (number|Long|null);

                /** ChatMessage timestamp */
                timestamp?: (number|Long|null);

                /** ChatMessage text */
                text?: (string|null);

                /** ChatMessage responseTo */
                responseTo?: (string|null);

                /** ChatMessage ensName */
                ensName?: (string|null);

                /** ChatMessage chatId */
                chatId?: (string|null);

                /** ChatMessage messageType */
                messageType?: (number|null);

                /** ChatMessage contentType */
                contentType?: (number|null);

                /** ChatMessage sticker */
                sticker?: (status.payload.Sticker.$Properties|null);

                /** ChatMessage image */
                image?: (status.payload.Image.$Properties|null);

                /** ChatMessage view */
                view?: (Uint8Array|null);

                /** ChatMessage content */
                content?: ("sticker"|"image");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a ChatMessage. */
            type $Shape = {
              clock?: number|Long|null;
              timestamp?: number|Long|null;
              text?: string|null;
              responseTo?: string|null;
              ensName?: string|null;
              chatId?: string|null;
              messageType?: number|null;
              contentType?: number|null;
              sticker?: status.payload.Sticker.$Shape|null;
              image?: status.payload.Image.$Shape|null;
              view?: Uint8Array|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ content?: undefined; sticker?: null; image?: null }|{ content?: "sticker"; sticker: status.payload.Sticker.$Shape; image?: null }|{ content?: "image"; sticker?: null; image: status.payload.Image.$Shape })
            );
        }

        /**
         * Properties of a Sticker.
         * @deprecated Use status.payload.Sticker.$Properties instead.
         */
        interface ISticker extends status.payload.Sticker.$Properties {
        }

        /** Represents a Sticker. */
        class Sticker {

            /**
             * Constructs a new Sticker.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.Sticker.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Sticker hash. */
            hash: string;

            /** Sticker pack. */
            pack: number;

            /**
             * Creates a new Sticker instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Sticker instance
             */
            static create(properties: status.payload.Sticker.$Shape): status.payload.Sticker & status.payload.Sticker.$Shape;
            static create(properties?: status.payload.Sticker.$Properties): status.payload.Sticker;

            /**
             * Encodes the specified Sticker message. Does not implicitly {@link status.payload.Sticker.verify|verify} messages.
             * @param message Sticker message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.Sticker.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified Sticker message, length delimited. Does not implicitly {@link status.payload.Sticker.verify|verify} messages.
             * @param message Sticker message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.Sticker.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Sticker message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.Sticker & status.payload.Sticker.$Shape} Sticker
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.Sticker & status.payload.Sticker.$Shape;

            /**
             * Decodes a Sticker message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.Sticker & status.payload.Sticker.$Shape} Sticker
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.Sticker & status.payload.Sticker.$Shape;

            /**
             * Verifies a Sticker message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a Sticker message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Sticker
             */
            static fromObject(object: { [k: string]: any }): status.payload.Sticker;

            /**
             * Creates a plain object from a Sticker message. Also converts values to other types if specified.
             * @param message Sticker
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.Sticker, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Sticker to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for Sticker
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Sticker {

            /** Properties of a Sticker. */
            interface $Properties {

                /** Sticker hash */
                hash?: (string|null);

                /** Sticker pack */
                pack?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Sticker. */
            type $Shape = status.payload.Sticker.$Properties;
        }

        /**
         * Properties of an Image.
         * @deprecated Use status.payload.Image.$Properties instead.
         */
        interface IImage extends status.payload.Image.$Properties {
        }

        /** Represents an Image. */
        class Image {

            /**
             * Constructs a new Image.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.Image.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Image payload. */
            payload: Uint8Array;

            /** Image format. */
            format: number;

            /**
             * Creates a new Image instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Image instance
             */
            static create(properties: status.payload.Image.$Shape): status.payload.Image & status.payload.Image.$Shape;
            static create(properties?: status.payload.Image.$Properties): status.payload.Image;

            /**
             * Encodes the specified Image message. Does not implicitly {@link status.payload.Image.verify|verify} messages.
             * @param message Image message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.Image.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified Image message, length delimited. Does not implicitly {@link status.payload.Image.verify|verify} messages.
             * @param message Image message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.Image.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Image message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.Image & status.payload.Image.$Shape} Image
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.Image & status.payload.Image.$Shape;

            /**
             * Decodes an Image message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.Image & status.payload.Image.$Shape} Image
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.Image & status.payload.Image.$Shape;

            /**
             * Verifies an Image message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates an Image message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Image
             */
            static fromObject(object: { [k: string]: any }): status.payload.Image;

            /**
             * Creates a plain object from an Image message. Also converts values to other types if specified.
             * @param message Image
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.Image, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Image to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for Image
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace Image {

            /** Properties of an Image. */
            interface $Properties {

                /** Image payload */
                payload?: (Uint8Array|null);

                /** Image format */
                format?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Image. */
            type $Shape = status.payload.Image.$Properties;
        }

        /**
         * Properties of a ContactUpdate.
         * @deprecated Use status.payload.ContactUpdate.$Properties instead.
         */
        interface IContactUpdate extends status.payload.ContactUpdate.$Properties {
        }

        /** Represents a ContactUpdate. */
        class ContactUpdate {

            /**
             * Constructs a new ContactUpdate.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.ContactUpdate.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ContactUpdate clock. */
            clock: (number|Long);

            /** ContactUpdate ensName. */
            ensName: string;

            /** ContactUpdate profileImage. */
            profileImage: string;

            /**
             * Creates a new ContactUpdate instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ContactUpdate instance
             */
            static create(properties: status.payload.ContactUpdate.$Shape): status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape;
            static create(properties?: status.payload.ContactUpdate.$Properties): status.payload.ContactUpdate;

            /**
             * Encodes the specified ContactUpdate message. Does not implicitly {@link status.payload.ContactUpdate.verify|verify} messages.
             * @param message ContactUpdate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.ContactUpdate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified ContactUpdate message, length delimited. Does not implicitly {@link status.payload.ContactUpdate.verify|verify} messages.
             * @param message ContactUpdate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.ContactUpdate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ContactUpdate message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape} ContactUpdate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape;

            /**
             * Decodes a ContactUpdate message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape} ContactUpdate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape;

            /**
             * Verifies a ContactUpdate message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a ContactUpdate message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns ContactUpdate
             */
            static fromObject(object: { [k: string]: any }): status.payload.ContactUpdate;

            /**
             * Creates a plain object from a ContactUpdate message. Also converts values to other types if specified.
             * @param message ContactUpdate
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.ContactUpdate, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this ContactUpdate to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for ContactUpdate
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace ContactUpdate {

            /** Properties of a ContactUpdate. */
            interface $Properties {

                /** ContactUpdate clock */
                clock?: (number|Long|null);

                /** ContactUpdate ensName */
                ensName?: (string|null);

                /** ContactUpdate profileImage */
                profileImage?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ContactUpdate. */
            type $Shape = status.payload.ContactUpdate.$Properties;
        }

        /**
         * Properties of a MembershipUpdateMessage.
         * @deprecated Use status.payload.MembershipUpdateMessage.$Properties instead.
         */
        interface IMembershipUpdateMessage extends status.payload.MembershipUpdateMessage.$Properties {
        }

        /** Represents a MembershipUpdateMessage. */
        class MembershipUpdateMessage {

            /**
             * Constructs a new MembershipUpdateMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.MembershipUpdateMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MembershipUpdateMessage chatId. */
            chatId: string;

            /** MembershipUpdateMessage events. */
            events: Uint8Array[];

            /** MembershipUpdateMessage message. */
            message?: (status.payload.ChatMessage.$Properties|null);

            /** MembershipUpdateMessage view. */
            view: Uint8Array;

            /** MembershipUpdateMessage asksView. */
            asksView: boolean;

            /**
             * Creates a new MembershipUpdateMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns MembershipUpdateMessage instance
             */
            static create(properties: status.payload.MembershipUpdateMessage.$Shape): status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape;
            static create(properties?: status.payload.MembershipUpdateMessage.$Properties): status.payload.MembershipUpdateMessage;

            /**
             * Encodes the specified MembershipUpdateMessage message. Does not implicitly {@link status.payload.MembershipUpdateMessage.verify|verify} messages.
             * @param message MembershipUpdateMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.MembershipUpdateMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified MembershipUpdateMessage message, length delimited. Does not implicitly {@link status.payload.MembershipUpdateMessage.verify|verify} messages.
             * @param message MembershipUpdateMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.MembershipUpdateMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MembershipUpdateMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape} MembershipUpdateMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape;

            /**
             * Decodes a MembershipUpdateMessage message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape} MembershipUpdateMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape;

            /**
             * Verifies a MembershipUpdateMessage message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a MembershipUpdateMessage message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns MembershipUpdateMessage
             */
            static fromObject(object: { [k: string]: any }): status.payload.MembershipUpdateMessage;

            /**
             * Creates a plain object from a MembershipUpdateMessage message. Also converts values to other types if specified.
             * @param message MembershipUpdateMessage
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.MembershipUpdateMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this MembershipUpdateMessage to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for MembershipUpdateMessage
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace MembershipUpdateMessage {

            /** Properties of a MembershipUpdateMessage. */
            interface $Properties {

                /** MembershipUpdateMessage chatId */
                chatId?: (string|null);

                /** MembershipUpdateMessage events */
                events?: (Uint8Array[]|null);

                /** MembershipUpdateMessage message */
                message?: (status.payload.ChatMessage.$Properties|null);

                /** MembershipUpdateMessage view */
                view?: (Uint8Array|null);

                /** MembershipUpdateMessage asksView */
                asksView?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MembershipUpdateMessage. */
            type $Shape = {
              chatId?: string|null;
              events?: Uint8Array[]|null;
              message?: status.payload.ChatMessage.$Shape|null;
              view?: Uint8Array|null;
              asksView?: boolean|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a MembershipUpdateEvent.
         * @deprecated Use status.payload.MembershipUpdateEvent.$Properties instead.
         */
        interface IMembershipUpdateEvent extends status.payload.MembershipUpdateEvent.$Properties {
        }

        /** Represents a MembershipUpdateEvent. */
        class MembershipUpdateEvent {

            /**
             * Constructs a new MembershipUpdateEvent.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.MembershipUpdateEvent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MembershipUpdateEvent clock. */
            clock: (number|Long);

            /** MembershipUpdateEvent members. */
            members: string[];

            /** MembershipUpdateEvent name. */
            name: string;

            /** MembershipUpdateEvent type. */
            type: number;

            /**
             * Creates a new MembershipUpdateEvent instance using the specified properties.
             * @param [properties] Properties to set
             * @returns MembershipUpdateEvent instance
             */
            static create(properties: status.payload.MembershipUpdateEvent.$Shape): status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape;
            static create(properties?: status.payload.MembershipUpdateEvent.$Properties): status.payload.MembershipUpdateEvent;

            /**
             * Encodes the specified MembershipUpdateEvent message. Does not implicitly {@link status.payload.MembershipUpdateEvent.verify|verify} messages.
             * @param message MembershipUpdateEvent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.MembershipUpdateEvent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified MembershipUpdateEvent message, length delimited. Does not implicitly {@link status.payload.MembershipUpdateEvent.verify|verify} messages.
             * @param message MembershipUpdateEvent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.MembershipUpdateEvent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MembershipUpdateEvent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape} MembershipUpdateEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape;

            /**
             * Decodes a MembershipUpdateEvent message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape} MembershipUpdateEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape;

            /**
             * Verifies a MembershipUpdateEvent message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a MembershipUpdateEvent message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns MembershipUpdateEvent
             */
            static fromObject(object: { [k: string]: any }): status.payload.MembershipUpdateEvent;

            /**
             * Creates a plain object from a MembershipUpdateEvent message. Also converts values to other types if specified.
             * @param message MembershipUpdateEvent
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.MembershipUpdateEvent, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this MembershipUpdateEvent to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for MembershipUpdateEvent
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace MembershipUpdateEvent {

            /** Properties of a MembershipUpdateEvent. */
            interface $Properties {

                /** MembershipUpdateEvent clock */
                clock?: (number|Long|null);

                /** MembershipUpdateEvent members */
                members?: (string[]|null);

                /** MembershipUpdateEvent name */
                name?: (string|null);

                /** MembershipUpdateEvent type */
                type?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MembershipUpdateEvent. */
            type $Shape = status.payload.MembershipUpdateEvent.$Properties;
        }

        /**
         * Properties of a PairInstallation.
         * @deprecated Use status.payload.PairInstallation.$Properties instead.
         */
        interface IPairInstallation extends status.payload.PairInstallation.$Properties {
        }

        /** Represents a PairInstallation. */
        class PairInstallation {

            /**
             * Constructs a new PairInstallation.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.PairInstallation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PairInstallation clock. */
            clock: (number|Long);

            /** PairInstallation installationId. */
            installationId: string;

            /** PairInstallation deviceType. */
            deviceType: string;

            /** PairInstallation name. */
            name: string;

            /** PairInstallation syncForm. */
            syncForm: number;

            /**
             * Creates a new PairInstallation instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PairInstallation instance
             */
            static create(properties: status.payload.PairInstallation.$Shape): status.payload.PairInstallation & status.payload.PairInstallation.$Shape;
            static create(properties?: status.payload.PairInstallation.$Properties): status.payload.PairInstallation;

            /**
             * Encodes the specified PairInstallation message. Does not implicitly {@link status.payload.PairInstallation.verify|verify} messages.
             * @param message PairInstallation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.PairInstallation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified PairInstallation message, length delimited. Does not implicitly {@link status.payload.PairInstallation.verify|verify} messages.
             * @param message PairInstallation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.PairInstallation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PairInstallation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.PairInstallation & status.payload.PairInstallation.$Shape} PairInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.PairInstallation & status.payload.PairInstallation.$Shape;

            /**
             * Decodes a PairInstallation message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.PairInstallation & status.payload.PairInstallation.$Shape} PairInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.PairInstallation & status.payload.PairInstallation.$Shape;

            /**
             * Verifies a PairInstallation message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a PairInstallation message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns PairInstallation
             */
            static fromObject(object: { [k: string]: any }): status.payload.PairInstallation;

            /**
             * Creates a plain object from a PairInstallation message. Also converts values to other types if specified.
             * @param message PairInstallation
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.PairInstallation, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this PairInstallation to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for PairInstallation
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace PairInstallation {

            /** Properties of a PairInstallation. */
            interface $Properties {

                /** PairInstallation clock */
                clock?: (number|Long|null);

                /** PairInstallation installationId */
                installationId?: (string|null);

                /** PairInstallation deviceType */
                deviceType?: (string|null);

                /** PairInstallation name */
                name?: (string|null);

                /** PairInstallation syncForm */
                syncForm?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PairInstallation. */
            type $Shape = status.payload.PairInstallation.$Properties;
        }

        /**
         * Properties of a SyncInstallation.
         * @deprecated Use status.payload.SyncInstallation.$Properties instead.
         */
        interface ISyncInstallation extends status.payload.SyncInstallation.$Properties {
        }

        /** Represents a SyncInstallation. */
        class SyncInstallation {

            /**
             * Constructs a new SyncInstallation.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.SyncInstallation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SyncInstallation contacts. */
            contacts: status.payload.SyncInstallationContact.$Properties[];

            /** SyncInstallation publicChats. */
            publicChats: status.payload.SyncInstallationPublicChat.$Properties[];

            /** SyncInstallation account. */
            account?: (status.payload.SyncInstallationAccount.$Properties|null);

            /** SyncInstallation chats. */
            chats: status.payload.SyncInstallationChat.$Properties[];

            /**
             * Creates a new SyncInstallation instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SyncInstallation instance
             */
            static create(properties: status.payload.SyncInstallation.$Shape): status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape;
            static create(properties?: status.payload.SyncInstallation.$Properties): status.payload.SyncInstallation;

            /**
             * Encodes the specified SyncInstallation message. Does not implicitly {@link status.payload.SyncInstallation.verify|verify} messages.
             * @param message SyncInstallation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.SyncInstallation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified SyncInstallation message, length delimited. Does not implicitly {@link status.payload.SyncInstallation.verify|verify} messages.
             * @param message SyncInstallation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.SyncInstallation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SyncInstallation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape} SyncInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape;

            /**
             * Decodes a SyncInstallation message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape} SyncInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape;

            /**
             * Verifies a SyncInstallation message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a SyncInstallation message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SyncInstallation
             */
            static fromObject(object: { [k: string]: any }): status.payload.SyncInstallation;

            /**
             * Creates a plain object from a SyncInstallation message. Also converts values to other types if specified.
             * @param message SyncInstallation
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.SyncInstallation, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SyncInstallation to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for SyncInstallation
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SyncInstallation {

            /** Properties of a SyncInstallation. */
            interface $Properties {

                /** SyncInstallation contacts */
                contacts?: (status.payload.SyncInstallationContact.$Properties[]|null);

                /** SyncInstallation publicChats */
                publicChats?: (status.payload.SyncInstallationPublicChat.$Properties[]|null);

                /** SyncInstallation account */
                account?: (status.payload.SyncInstallationAccount.$Properties|null);

                /** SyncInstallation chats */
                chats?: (status.payload.SyncInstallationChat.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SyncInstallation. */
            type $Shape = status.payload.SyncInstallation.$Properties;
        }

        /**
         * Properties of a SyncInstallationChat.
         * @deprecated Use status.payload.SyncInstallationChat.$Properties instead.
         */
        interface ISyncInstallationChat extends status.payload.SyncInstallationChat.$Properties {
        }

        /** Represents a SyncInstallationChat. */
        class SyncInstallationChat {

            /**
             * Constructs a new SyncInstallationChat.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.SyncInstallationChat.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SyncInstallationChat clock. */
            clock: (number|Long);

            /** SyncInstallationChat id. */
            id: string;

            /** SyncInstallationChat kind. */
            kind: number;

            /** SyncInstallationChat tags. */
            tags: string[];

            /**
             * Creates a new SyncInstallationChat instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SyncInstallationChat instance
             */
            static create(properties: status.payload.SyncInstallationChat.$Shape): status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape;
            static create(properties?: status.payload.SyncInstallationChat.$Properties): status.payload.SyncInstallationChat;

            /**
             * Encodes the specified SyncInstallationChat message. Does not implicitly {@link status.payload.SyncInstallationChat.verify|verify} messages.
             * @param message SyncInstallationChat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.SyncInstallationChat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified SyncInstallationChat message, length delimited. Does not implicitly {@link status.payload.SyncInstallationChat.verify|verify} messages.
             * @param message SyncInstallationChat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.SyncInstallationChat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SyncInstallationChat message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape} SyncInstallationChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape;

            /**
             * Decodes a SyncInstallationChat message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape} SyncInstallationChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape;

            /**
             * Verifies a SyncInstallationChat message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a SyncInstallationChat message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SyncInstallationChat
             */
            static fromObject(object: { [k: string]: any }): status.payload.SyncInstallationChat;

            /**
             * Creates a plain object from a SyncInstallationChat message. Also converts values to other types if specified.
             * @param message SyncInstallationChat
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.SyncInstallationChat, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SyncInstallationChat to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for SyncInstallationChat
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SyncInstallationChat {

            /** Properties of a SyncInstallationChat. */
            interface $Properties {

                /** SyncInstallationChat clock */
                clock?: (number|Long|null);

                /** SyncInstallationChat id */
                id?: (string|null);

                /** SyncInstallationChat kind */
                kind?: (number|null);

                /** SyncInstallationChat tags */
                tags?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SyncInstallationChat. */
            type $Shape = status.payload.SyncInstallationChat.$Properties;
        }

        /**
         * Properties of a SyncInstallationContact.
         * @deprecated Use status.payload.SyncInstallationContact.$Properties instead.
         */
        interface ISyncInstallationContact extends status.payload.SyncInstallationContact.$Properties {
        }

        /** Represents a SyncInstallationContact. */
        class SyncInstallationContact {

            /**
             * Constructs a new SyncInstallationContact.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.SyncInstallationContact.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SyncInstallationContact clock. */
            clock: (number|Long);

            /** SyncInstallationContact id. */
            id: string;

            /** SyncInstallationContact profileImage. */
            profileImage: string;

            /** SyncInstallationContact ensName. */
            ensName: string;

            /** SyncInstallationContact lastUpdated. */
            lastUpdated: (number|Long);

            /** SyncInstallationContact systemTags. */
            systemTags: string[];

            /** SyncInstallationContact localName. */
            localName: string;

            /**
             * Creates a new SyncInstallationContact instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SyncInstallationContact instance
             */
            static create(properties: status.payload.SyncInstallationContact.$Shape): status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape;
            static create(properties?: status.payload.SyncInstallationContact.$Properties): status.payload.SyncInstallationContact;

            /**
             * Encodes the specified SyncInstallationContact message. Does not implicitly {@link status.payload.SyncInstallationContact.verify|verify} messages.
             * @param message SyncInstallationContact message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.SyncInstallationContact.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified SyncInstallationContact message, length delimited. Does not implicitly {@link status.payload.SyncInstallationContact.verify|verify} messages.
             * @param message SyncInstallationContact message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.SyncInstallationContact.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SyncInstallationContact message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape} SyncInstallationContact
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape;

            /**
             * Decodes a SyncInstallationContact message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape} SyncInstallationContact
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape;

            /**
             * Verifies a SyncInstallationContact message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a SyncInstallationContact message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SyncInstallationContact
             */
            static fromObject(object: { [k: string]: any }): status.payload.SyncInstallationContact;

            /**
             * Creates a plain object from a SyncInstallationContact message. Also converts values to other types if specified.
             * @param message SyncInstallationContact
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.SyncInstallationContact, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SyncInstallationContact to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for SyncInstallationContact
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SyncInstallationContact {

            /** Properties of a SyncInstallationContact. */
            interface $Properties {

                /** SyncInstallationContact clock */
                clock?: (number|Long|null);

                /** SyncInstallationContact id */
                id?: (string|null);

                /** SyncInstallationContact profileImage */
                profileImage?: (string|null);

                /** SyncInstallationContact ensName */
                ensName?: (string|null);

                /** SyncInstallationContact lastUpdated */
                lastUpdated?: (number|Long|null);

                /** SyncInstallationContact systemTags */
                systemTags?: (string[]|null);

                /** SyncInstallationContact localName */
                localName?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SyncInstallationContact. */
            type $Shape = status.payload.SyncInstallationContact.$Properties;
        }

        /**
         * Properties of a SyncInstallationAccount.
         * @deprecated Use status.payload.SyncInstallationAccount.$Properties instead.
         */
        interface ISyncInstallationAccount extends status.payload.SyncInstallationAccount.$Properties {
        }

        /** Represents a SyncInstallationAccount. */
        class SyncInstallationAccount {

            /**
             * Constructs a new SyncInstallationAccount.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.SyncInstallationAccount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SyncInstallationAccount clock. */
            clock: (number|Long);

            /** SyncInstallationAccount profileImage. */
            profileImage: string;

            /** SyncInstallationAccount lastUpdated. */
            lastUpdated: (number|Long);

            /** SyncInstallationAccount name. */
            name: string;

            /**
             * Creates a new SyncInstallationAccount instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SyncInstallationAccount instance
             */
            static create(properties: status.payload.SyncInstallationAccount.$Shape): status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape;
            static create(properties?: status.payload.SyncInstallationAccount.$Properties): status.payload.SyncInstallationAccount;

            /**
             * Encodes the specified SyncInstallationAccount message. Does not implicitly {@link status.payload.SyncInstallationAccount.verify|verify} messages.
             * @param message SyncInstallationAccount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.SyncInstallationAccount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified SyncInstallationAccount message, length delimited. Does not implicitly {@link status.payload.SyncInstallationAccount.verify|verify} messages.
             * @param message SyncInstallationAccount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.SyncInstallationAccount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SyncInstallationAccount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape} SyncInstallationAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape;

            /**
             * Decodes a SyncInstallationAccount message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape} SyncInstallationAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape;

            /**
             * Verifies a SyncInstallationAccount message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a SyncInstallationAccount message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SyncInstallationAccount
             */
            static fromObject(object: { [k: string]: any }): status.payload.SyncInstallationAccount;

            /**
             * Creates a plain object from a SyncInstallationAccount message. Also converts values to other types if specified.
             * @param message SyncInstallationAccount
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.SyncInstallationAccount, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SyncInstallationAccount to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for SyncInstallationAccount
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SyncInstallationAccount {

            /** Properties of a SyncInstallationAccount. */
            interface $Properties {

                /** SyncInstallationAccount clock */
                clock?: (number|Long|null);

                /** SyncInstallationAccount profileImage */
                profileImage?: (string|null);

                /** SyncInstallationAccount lastUpdated */
                lastUpdated?: (number|Long|null);

                /** SyncInstallationAccount name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SyncInstallationAccount. */
            type $Shape = status.payload.SyncInstallationAccount.$Properties;
        }

        /**
         * Properties of a SyncInstallationPublicChat.
         * @deprecated Use status.payload.SyncInstallationPublicChat.$Properties instead.
         */
        interface ISyncInstallationPublicChat extends status.payload.SyncInstallationPublicChat.$Properties {
        }

        /** Represents a SyncInstallationPublicChat. */
        class SyncInstallationPublicChat {

            /**
             * Constructs a new SyncInstallationPublicChat.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.SyncInstallationPublicChat.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SyncInstallationPublicChat clock. */
            clock: (number|Long);

            /** SyncInstallationPublicChat id. */
            id: string;

            /**
             * Creates a new SyncInstallationPublicChat instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SyncInstallationPublicChat instance
             */
            static create(properties: status.payload.SyncInstallationPublicChat.$Shape): status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape;
            static create(properties?: status.payload.SyncInstallationPublicChat.$Properties): status.payload.SyncInstallationPublicChat;

            /**
             * Encodes the specified SyncInstallationPublicChat message. Does not implicitly {@link status.payload.SyncInstallationPublicChat.verify|verify} messages.
             * @param message SyncInstallationPublicChat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.SyncInstallationPublicChat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified SyncInstallationPublicChat message, length delimited. Does not implicitly {@link status.payload.SyncInstallationPublicChat.verify|verify} messages.
             * @param message SyncInstallationPublicChat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.SyncInstallationPublicChat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SyncInstallationPublicChat message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape} SyncInstallationPublicChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape;

            /**
             * Decodes a SyncInstallationPublicChat message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape} SyncInstallationPublicChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape;

            /**
             * Verifies a SyncInstallationPublicChat message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a SyncInstallationPublicChat message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SyncInstallationPublicChat
             */
            static fromObject(object: { [k: string]: any }): status.payload.SyncInstallationPublicChat;

            /**
             * Creates a plain object from a SyncInstallationPublicChat message. Also converts values to other types if specified.
             * @param message SyncInstallationPublicChat
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.SyncInstallationPublicChat, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SyncInstallationPublicChat to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for SyncInstallationPublicChat
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SyncInstallationPublicChat {

            /** Properties of a SyncInstallationPublicChat. */
            interface $Properties {

                /** SyncInstallationPublicChat clock */
                clock?: (number|Long|null);

                /** SyncInstallationPublicChat id */
                id?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SyncInstallationPublicChat. */
            type $Shape = status.payload.SyncInstallationPublicChat.$Properties;
        }

        /**
         * Properties of a RequestAddressForTransaction.
         * @deprecated Use status.payload.RequestAddressForTransaction.$Properties instead.
         */
        interface IRequestAddressForTransaction extends status.payload.RequestAddressForTransaction.$Properties {
        }

        /** Represents a RequestAddressForTransaction. */
        class RequestAddressForTransaction {

            /**
             * Constructs a new RequestAddressForTransaction.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.RequestAddressForTransaction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RequestAddressForTransaction clock. */
            clock: (number|Long);

            /** RequestAddressForTransaction value. */
            value: string;

            /** RequestAddressForTransaction contract. */
            contract: string;

            /** RequestAddressForTransaction chatId. */
            chatId: string;

            /**
             * Creates a new RequestAddressForTransaction instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RequestAddressForTransaction instance
             */
            static create(properties: status.payload.RequestAddressForTransaction.$Shape): status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape;
            static create(properties?: status.payload.RequestAddressForTransaction.$Properties): status.payload.RequestAddressForTransaction;

            /**
             * Encodes the specified RequestAddressForTransaction message. Does not implicitly {@link status.payload.RequestAddressForTransaction.verify|verify} messages.
             * @param message RequestAddressForTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.RequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified RequestAddressForTransaction message, length delimited. Does not implicitly {@link status.payload.RequestAddressForTransaction.verify|verify} messages.
             * @param message RequestAddressForTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.RequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RequestAddressForTransaction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape} RequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape;

            /**
             * Decodes a RequestAddressForTransaction message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape} RequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape;

            /**
             * Verifies a RequestAddressForTransaction message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a RequestAddressForTransaction message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns RequestAddressForTransaction
             */
            static fromObject(object: { [k: string]: any }): status.payload.RequestAddressForTransaction;

            /**
             * Creates a plain object from a RequestAddressForTransaction message. Also converts values to other types if specified.
             * @param message RequestAddressForTransaction
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.RequestAddressForTransaction, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this RequestAddressForTransaction to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for RequestAddressForTransaction
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace RequestAddressForTransaction {

            /** Properties of a RequestAddressForTransaction. */
            interface $Properties {

                /** RequestAddressForTransaction clock */
                clock?: (number|Long|null);

                /** RequestAddressForTransaction value */
                value?: (string|null);

                /** RequestAddressForTransaction contract */
                contract?: (string|null);

                /** RequestAddressForTransaction chatId */
                chatId?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RequestAddressForTransaction. */
            type $Shape = status.payload.RequestAddressForTransaction.$Properties;
        }

        /**
         * Properties of an AcceptRequestAddressForTransaction.
         * @deprecated Use status.payload.AcceptRequestAddressForTransaction.$Properties instead.
         */
        interface IAcceptRequestAddressForTransaction extends status.payload.AcceptRequestAddressForTransaction.$Properties {
        }

        /** Represents an AcceptRequestAddressForTransaction. */
        class AcceptRequestAddressForTransaction {

            /**
             * Constructs a new AcceptRequestAddressForTransaction.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.AcceptRequestAddressForTransaction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AcceptRequestAddressForTransaction clock. */
            clock: (number|Long);

            /** AcceptRequestAddressForTransaction id. */
            id: string;

            /** AcceptRequestAddressForTransaction address. */
            address: string;

            /** AcceptRequestAddressForTransaction chatId. */
            chatId: string;

            /**
             * Creates a new AcceptRequestAddressForTransaction instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AcceptRequestAddressForTransaction instance
             */
            static create(properties: status.payload.AcceptRequestAddressForTransaction.$Shape): status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape;
            static create(properties?: status.payload.AcceptRequestAddressForTransaction.$Properties): status.payload.AcceptRequestAddressForTransaction;

            /**
             * Encodes the specified AcceptRequestAddressForTransaction message. Does not implicitly {@link status.payload.AcceptRequestAddressForTransaction.verify|verify} messages.
             * @param message AcceptRequestAddressForTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.AcceptRequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified AcceptRequestAddressForTransaction message, length delimited. Does not implicitly {@link status.payload.AcceptRequestAddressForTransaction.verify|verify} messages.
             * @param message AcceptRequestAddressForTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.AcceptRequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AcceptRequestAddressForTransaction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape} AcceptRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape;

            /**
             * Decodes an AcceptRequestAddressForTransaction message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape} AcceptRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape;

            /**
             * Verifies an AcceptRequestAddressForTransaction message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates an AcceptRequestAddressForTransaction message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AcceptRequestAddressForTransaction
             */
            static fromObject(object: { [k: string]: any }): status.payload.AcceptRequestAddressForTransaction;

            /**
             * Creates a plain object from an AcceptRequestAddressForTransaction message. Also converts values to other types if specified.
             * @param message AcceptRequestAddressForTransaction
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.AcceptRequestAddressForTransaction, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AcceptRequestAddressForTransaction to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for AcceptRequestAddressForTransaction
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace AcceptRequestAddressForTransaction {

            /** Properties of an AcceptRequestAddressForTransaction. */
            interface $Properties {

                /** AcceptRequestAddressForTransaction clock */
                clock?: (number|Long|null);

                /** AcceptRequestAddressForTransaction id */
                id?: (string|null);

                /** AcceptRequestAddressForTransaction address */
                address?: (string|null);

                /** AcceptRequestAddressForTransaction chatId */
                chatId?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AcceptRequestAddressForTransaction. */
            type $Shape = status.payload.AcceptRequestAddressForTransaction.$Properties;
        }

        /**
         * Properties of a DeclineRequestAddressForTransaction.
         * @deprecated Use status.payload.DeclineRequestAddressForTransaction.$Properties instead.
         */
        interface IDeclineRequestAddressForTransaction extends status.payload.DeclineRequestAddressForTransaction.$Properties {
        }

        /** Represents a DeclineRequestAddressForTransaction. */
        class DeclineRequestAddressForTransaction {

            /**
             * Constructs a new DeclineRequestAddressForTransaction.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.DeclineRequestAddressForTransaction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeclineRequestAddressForTransaction clock. */
            clock: (number|Long);

            /** DeclineRequestAddressForTransaction id. */
            id: string;

            /** DeclineRequestAddressForTransaction chatId. */
            chatId: string;

            /**
             * Creates a new DeclineRequestAddressForTransaction instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeclineRequestAddressForTransaction instance
             */
            static create(properties: status.payload.DeclineRequestAddressForTransaction.$Shape): status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape;
            static create(properties?: status.payload.DeclineRequestAddressForTransaction.$Properties): status.payload.DeclineRequestAddressForTransaction;

            /**
             * Encodes the specified DeclineRequestAddressForTransaction message. Does not implicitly {@link status.payload.DeclineRequestAddressForTransaction.verify|verify} messages.
             * @param message DeclineRequestAddressForTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.DeclineRequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified DeclineRequestAddressForTransaction message, length delimited. Does not implicitly {@link status.payload.DeclineRequestAddressForTransaction.verify|verify} messages.
             * @param message DeclineRequestAddressForTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.DeclineRequestAddressForTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeclineRequestAddressForTransaction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape} DeclineRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape;

            /**
             * Decodes a DeclineRequestAddressForTransaction message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape} DeclineRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape;

            /**
             * Verifies a DeclineRequestAddressForTransaction message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a DeclineRequestAddressForTransaction message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DeclineRequestAddressForTransaction
             */
            static fromObject(object: { [k: string]: any }): status.payload.DeclineRequestAddressForTransaction;

            /**
             * Creates a plain object from a DeclineRequestAddressForTransaction message. Also converts values to other types if specified.
             * @param message DeclineRequestAddressForTransaction
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.DeclineRequestAddressForTransaction, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DeclineRequestAddressForTransaction to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for DeclineRequestAddressForTransaction
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace DeclineRequestAddressForTransaction {

            /** Properties of a DeclineRequestAddressForTransaction. */
            interface $Properties {

                /** DeclineRequestAddressForTransaction clock */
                clock?: (number|Long|null);

                /** DeclineRequestAddressForTransaction id */
                id?: (string|null);

                /** DeclineRequestAddressForTransaction chatId */
                chatId?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeclineRequestAddressForTransaction. */
            type $Shape = status.payload.DeclineRequestAddressForTransaction.$Properties;
        }

        /**
         * Properties of a RequestTransaction.
         * @deprecated Use status.payload.RequestTransaction.$Properties instead.
         */
        interface IRequestTransaction extends status.payload.RequestTransaction.$Properties {
        }

        /** Represents a RequestTransaction. */
        class RequestTransaction {

            /**
             * Constructs a new RequestTransaction.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.RequestTransaction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RequestTransaction clock. */
            clock: (number|Long);

            /** RequestTransaction address. */
            address: string;

            /** RequestTransaction value. */
            value: string;

            /** RequestTransaction contract. */
            contract: string;

            /** RequestTransaction chatId. */
            chatId: string;

            /**
             * Creates a new RequestTransaction instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RequestTransaction instance
             */
            static create(properties: status.payload.RequestTransaction.$Shape): status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape;
            static create(properties?: status.payload.RequestTransaction.$Properties): status.payload.RequestTransaction;

            /**
             * Encodes the specified RequestTransaction message. Does not implicitly {@link status.payload.RequestTransaction.verify|verify} messages.
             * @param message RequestTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.RequestTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified RequestTransaction message, length delimited. Does not implicitly {@link status.payload.RequestTransaction.verify|verify} messages.
             * @param message RequestTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.RequestTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RequestTransaction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape} RequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape;

            /**
             * Decodes a RequestTransaction message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape} RequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape;

            /**
             * Verifies a RequestTransaction message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a RequestTransaction message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns RequestTransaction
             */
            static fromObject(object: { [k: string]: any }): status.payload.RequestTransaction;

            /**
             * Creates a plain object from a RequestTransaction message. Also converts values to other types if specified.
             * @param message RequestTransaction
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.RequestTransaction, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this RequestTransaction to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for RequestTransaction
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace RequestTransaction {

            /** Properties of a RequestTransaction. */
            interface $Properties {

                /** RequestTransaction clock */
                clock?: (number|Long|null);

                /** RequestTransaction address */
                address?: (string|null);

                /** RequestTransaction value */
                value?: (string|null);

                /** RequestTransaction contract */
                contract?: (string|null);

                /** RequestTransaction chatId */
                chatId?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RequestTransaction. */
            type $Shape = status.payload.RequestTransaction.$Properties;
        }

        /**
         * Properties of a SendTransaction.
         * @deprecated Use status.payload.SendTransaction.$Properties instead.
         */
        interface ISendTransaction extends status.payload.SendTransaction.$Properties {
        }

        /** Represents a SendTransaction. */
        class SendTransaction {

            /**
             * Constructs a new SendTransaction.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.SendTransaction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SendTransaction clock. */
            clock: (number|Long);

            /** SendTransaction id. */
            id: string;

            /** SendTransaction transactionHash. */
            transactionHash: string;

            /** SendTransaction signature. */
            signature?: (Uint8Array|null);

            /** SendTransaction chatId. */
            chatId: string;

            /**
             * Creates a new SendTransaction instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SendTransaction instance
             */
            static create(properties: status.payload.SendTransaction.$Shape): status.payload.SendTransaction & status.payload.SendTransaction.$Shape;
            static create(properties?: status.payload.SendTransaction.$Properties): status.payload.SendTransaction;

            /**
             * Encodes the specified SendTransaction message. Does not implicitly {@link status.payload.SendTransaction.verify|verify} messages.
             * @param message SendTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.SendTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified SendTransaction message, length delimited. Does not implicitly {@link status.payload.SendTransaction.verify|verify} messages.
             * @param message SendTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.SendTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SendTransaction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.SendTransaction & status.payload.SendTransaction.$Shape} SendTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.SendTransaction & status.payload.SendTransaction.$Shape;

            /**
             * Decodes a SendTransaction message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.SendTransaction & status.payload.SendTransaction.$Shape} SendTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.SendTransaction & status.payload.SendTransaction.$Shape;

            /**
             * Verifies a SendTransaction message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a SendTransaction message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SendTransaction
             */
            static fromObject(object: { [k: string]: any }): status.payload.SendTransaction;

            /**
             * Creates a plain object from a SendTransaction message. Also converts values to other types if specified.
             * @param message SendTransaction
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.SendTransaction, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SendTransaction to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for SendTransaction
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace SendTransaction {

            /** Properties of a SendTransaction. */
            interface $Properties {

                /** SendTransaction clock */
                clock?: (number|Long|null);

                /** SendTransaction id */
                id?: (string|null);

                /** SendTransaction transactionHash */
                transactionHash?: (string|null);

                /** SendTransaction signature */
                signature?: (Uint8Array|null);

                /** SendTransaction chatId */
                chatId?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SendTransaction. */
            type $Shape = status.payload.SendTransaction.$Properties;
        }

        /**
         * Properties of a DeclineRequestTransaction.
         * @deprecated Use status.payload.DeclineRequestTransaction.$Properties instead.
         */
        interface IDeclineRequestTransaction extends status.payload.DeclineRequestTransaction.$Properties {
        }

        /** Represents a DeclineRequestTransaction. */
        class DeclineRequestTransaction {

            /**
             * Constructs a new DeclineRequestTransaction.
             * @param [properties] Properties to set
             */
            constructor(properties?: status.payload.DeclineRequestTransaction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeclineRequestTransaction clock. */
            clock: (number|Long);

            /** DeclineRequestTransaction id. */
            id: string;

            /** DeclineRequestTransaction chatId. */
            chatId: string;

            /**
             * Creates a new DeclineRequestTransaction instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeclineRequestTransaction instance
             */
            static create(properties: status.payload.DeclineRequestTransaction.$Shape): status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape;
            static create(properties?: status.payload.DeclineRequestTransaction.$Properties): status.payload.DeclineRequestTransaction;

            /**
             * Encodes the specified DeclineRequestTransaction message. Does not implicitly {@link status.payload.DeclineRequestTransaction.verify|verify} messages.
             * @param message DeclineRequestTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: status.payload.DeclineRequestTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Encodes the specified DeclineRequestTransaction message, length delimited. Does not implicitly {@link status.payload.DeclineRequestTransaction.verify|verify} messages.
             * @param message DeclineRequestTransaction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encodeDelimited(message: status.payload.DeclineRequestTransaction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeclineRequestTransaction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape} DeclineRequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape;

            /**
             * Decodes a DeclineRequestTransaction message from the specified reader or buffer, length delimited.
             * @param reader Reader or buffer to decode from
             * @returns {status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape} DeclineRequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape;

            /**
             * Verifies a DeclineRequestTransaction message.
             * @param message Plain object to verify
             * @returns `null` if valid, otherwise the reason why it is not
             */
            static verify(message: { [k: string]: any }): (string|null);

            /**
             * Creates a DeclineRequestTransaction message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DeclineRequestTransaction
             */
            static fromObject(object: { [k: string]: any }): status.payload.DeclineRequestTransaction;

            /**
             * Creates a plain object from a DeclineRequestTransaction message. Also converts values to other types if specified.
             * @param message DeclineRequestTransaction
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: status.payload.DeclineRequestTransaction, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DeclineRequestTransaction to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };

            /**
             * Gets the type url for DeclineRequestTransaction
             * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns The type url
             */
            static getTypeUrl(prefix?: string): string;
        }

        namespace DeclineRequestTransaction {

            /** Properties of a DeclineRequestTransaction. */
            interface $Properties {

                /** DeclineRequestTransaction clock */
                clock?: (number|Long|null);

                /** DeclineRequestTransaction id */
                id?: (string|null);

                /** DeclineRequestTransaction chatId */
                chatId?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeclineRequestTransaction. */
            type $Shape = status.payload.DeclineRequestTransaction.$Properties;
        }
    }
}
