import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace double_ratchet. */
export namespace double_ratchet {

    /**
     * Properties of a SignedPreKey.
     * @deprecated Use double_ratchet.SignedPreKey.$Properties instead.
     */
    interface ISignedPreKey extends double_ratchet.SignedPreKey.$Properties {
    }

    /** Represents a SignedPreKey. */
    class SignedPreKey {

        /**
         * Constructs a new SignedPreKey.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.SignedPreKey.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedPreKey signedPreKey. */
        signedPreKey: Uint8Array;

        /** SignedPreKey version. */
        version: number;

        /** SignedPreKey protocolVersion. */
        protocolVersion: number;

        /**
         * Creates a new SignedPreKey instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SignedPreKey instance
         */
        static create(properties: double_ratchet.SignedPreKey.$Shape): double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape;
        static create(properties?: double_ratchet.SignedPreKey.$Properties): double_ratchet.SignedPreKey;

        /**
         * Encodes the specified SignedPreKey message. Does not implicitly {@link double_ratchet.SignedPreKey.verify|verify} messages.
         * @param message SignedPreKey message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.SignedPreKey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified SignedPreKey message, length delimited. Does not implicitly {@link double_ratchet.SignedPreKey.verify|verify} messages.
         * @param message SignedPreKey message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.SignedPreKey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedPreKey message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape} SignedPreKey
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape;

        /**
         * Decodes a SignedPreKey message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape} SignedPreKey
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape;

        /**
         * Verifies a SignedPreKey message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a SignedPreKey message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns SignedPreKey
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.SignedPreKey;

        /**
         * Creates a plain object from a SignedPreKey message. Also converts values to other types if specified.
         * @param message SignedPreKey
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.SignedPreKey, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this SignedPreKey to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for SignedPreKey
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace SignedPreKey {

        /** Properties of a SignedPreKey. */
        interface $Properties {

            /** SignedPreKey signedPreKey */
            signedPreKey?: (Uint8Array|null);

            /** SignedPreKey version */
            version?: (number|null);

            /** SignedPreKey protocolVersion */
            protocolVersion?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedPreKey. */
        type $Shape = double_ratchet.SignedPreKey.$Properties;
    }

    /**
     * Properties of a Bundle.
     * @deprecated Use double_ratchet.Bundle.$Properties instead.
     */
    interface IBundle extends double_ratchet.Bundle.$Properties {
    }

    /** Represents a Bundle. */
    class Bundle {

        /**
         * Constructs a new Bundle.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.Bundle.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Bundle identity. */
        identity: Uint8Array;

        /** Bundle signedPreKeys. */
        signedPreKeys: { [k: string]: double_ratchet.SignedPreKey.$Properties };

        /** Bundle signature. */
        signature: Uint8Array;

        /** Bundle timestamp. */
        timestamp: (number|Long);

        /**
         * Creates a new Bundle instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Bundle instance
         */
        static create(properties: double_ratchet.Bundle.$Shape): double_ratchet.Bundle & double_ratchet.Bundle.$Shape;
        static create(properties?: double_ratchet.Bundle.$Properties): double_ratchet.Bundle;

        /**
         * Encodes the specified Bundle message. Does not implicitly {@link double_ratchet.Bundle.verify|verify} messages.
         * @param message Bundle message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.Bundle.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified Bundle message, length delimited. Does not implicitly {@link double_ratchet.Bundle.verify|verify} messages.
         * @param message Bundle message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.Bundle.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Bundle message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.Bundle & double_ratchet.Bundle.$Shape} Bundle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.Bundle & double_ratchet.Bundle.$Shape;

        /**
         * Decodes a Bundle message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.Bundle & double_ratchet.Bundle.$Shape} Bundle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.Bundle & double_ratchet.Bundle.$Shape;

        /**
         * Verifies a Bundle message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a Bundle message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns Bundle
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.Bundle;

        /**
         * Creates a plain object from a Bundle message. Also converts values to other types if specified.
         * @param message Bundle
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.Bundle, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this Bundle to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for Bundle
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Bundle {

        /** Properties of a Bundle. */
        interface $Properties {

            /** Bundle identity */
            identity?: (Uint8Array|null);

            /** Bundle signedPreKeys */
            signedPreKeys?: ({ [k: string]: double_ratchet.SignedPreKey.$Properties }|null);

            /** Bundle signature */
            signature?: (Uint8Array|null);

            /** Bundle timestamp */
            timestamp?: (number|Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Bundle. */
        type $Shape = double_ratchet.Bundle.$Properties;
    }

    /**
     * Properties of a BundleContainer.
     * @deprecated Use double_ratchet.BundleContainer.$Properties instead.
     */
    interface IBundleContainer extends double_ratchet.BundleContainer.$Properties {
    }

    /** Represents a BundleContainer. */
    class BundleContainer {

        /**
         * Constructs a new BundleContainer.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.BundleContainer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** BundleContainer bundle. */
        bundle?: (double_ratchet.Bundle.$Properties|null);

        /** BundleContainer privateSignedPreKey. */
        privateSignedPreKey: Uint8Array;

        /**
         * Creates a new BundleContainer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns BundleContainer instance
         */
        static create(properties: double_ratchet.BundleContainer.$Shape): double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape;
        static create(properties?: double_ratchet.BundleContainer.$Properties): double_ratchet.BundleContainer;

        /**
         * Encodes the specified BundleContainer message. Does not implicitly {@link double_ratchet.BundleContainer.verify|verify} messages.
         * @param message BundleContainer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.BundleContainer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified BundleContainer message, length delimited. Does not implicitly {@link double_ratchet.BundleContainer.verify|verify} messages.
         * @param message BundleContainer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.BundleContainer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a BundleContainer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape} BundleContainer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape;

        /**
         * Decodes a BundleContainer message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape} BundleContainer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape;

        /**
         * Verifies a BundleContainer message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a BundleContainer message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns BundleContainer
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.BundleContainer;

        /**
         * Creates a plain object from a BundleContainer message. Also converts values to other types if specified.
         * @param message BundleContainer
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.BundleContainer, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this BundleContainer to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for BundleContainer
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace BundleContainer {

        /** Properties of a BundleContainer. */
        interface $Properties {

            /** BundleContainer bundle */
            bundle?: (double_ratchet.Bundle.$Properties|null);

            /** BundleContainer privateSignedPreKey */
            privateSignedPreKey?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a BundleContainer. */
        type $Shape = double_ratchet.BundleContainer.$Properties;
    }

    /**
     * Properties of a DRHeader.
     * @deprecated Use double_ratchet.DRHeader.$Properties instead.
     */
    interface IDRHeader extends double_ratchet.DRHeader.$Properties {
    }

    /** Represents a DRHeader. */
    class DRHeader {

        /**
         * Constructs a new DRHeader.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.DRHeader.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DRHeader key. */
        key: Uint8Array;

        /** DRHeader n. */
        n: number;

        /** DRHeader pn. */
        pn: number;

        /** DRHeader id. */
        id: Uint8Array;

        /**
         * Creates a new DRHeader instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DRHeader instance
         */
        static create(properties: double_ratchet.DRHeader.$Shape): double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape;
        static create(properties?: double_ratchet.DRHeader.$Properties): double_ratchet.DRHeader;

        /**
         * Encodes the specified DRHeader message. Does not implicitly {@link double_ratchet.DRHeader.verify|verify} messages.
         * @param message DRHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.DRHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified DRHeader message, length delimited. Does not implicitly {@link double_ratchet.DRHeader.verify|verify} messages.
         * @param message DRHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.DRHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DRHeader message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape} DRHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape;

        /**
         * Decodes a DRHeader message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape} DRHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape;

        /**
         * Verifies a DRHeader message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a DRHeader message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns DRHeader
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.DRHeader;

        /**
         * Creates a plain object from a DRHeader message. Also converts values to other types if specified.
         * @param message DRHeader
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.DRHeader, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this DRHeader to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for DRHeader
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace DRHeader {

        /** Properties of a DRHeader. */
        interface $Properties {

            /** DRHeader key */
            key?: (Uint8Array|null);

            /** DRHeader n */
            n?: (number|null);

            /** DRHeader pn */
            pn?: (number|null);

            /** DRHeader id */
            id?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DRHeader. */
        type $Shape = double_ratchet.DRHeader.$Properties;
    }

    /**
     * Properties of a DHHeader.
     * @deprecated Use double_ratchet.DHHeader.$Properties instead.
     */
    interface IDHHeader extends double_ratchet.DHHeader.$Properties {
    }

    /** Represents a DHHeader. */
    class DHHeader {

        /**
         * Constructs a new DHHeader.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.DHHeader.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DHHeader key. */
        key: Uint8Array;

        /**
         * Creates a new DHHeader instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DHHeader instance
         */
        static create(properties: double_ratchet.DHHeader.$Shape): double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape;
        static create(properties?: double_ratchet.DHHeader.$Properties): double_ratchet.DHHeader;

        /**
         * Encodes the specified DHHeader message. Does not implicitly {@link double_ratchet.DHHeader.verify|verify} messages.
         * @param message DHHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.DHHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified DHHeader message, length delimited. Does not implicitly {@link double_ratchet.DHHeader.verify|verify} messages.
         * @param message DHHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.DHHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DHHeader message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape} DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape;

        /**
         * Decodes a DHHeader message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape} DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape;

        /**
         * Verifies a DHHeader message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a DHHeader message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns DHHeader
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.DHHeader;

        /**
         * Creates a plain object from a DHHeader message. Also converts values to other types if specified.
         * @param message DHHeader
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.DHHeader, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this DHHeader to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for DHHeader
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace DHHeader {

        /** Properties of a DHHeader. */
        interface $Properties {

            /** DHHeader key */
            key?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DHHeader. */
        type $Shape = double_ratchet.DHHeader.$Properties;
    }

    /**
     * Properties of a X3DHHeader.
     * @deprecated Use double_ratchet.X3DHHeader.$Properties instead.
     */
    interface IX3DHHeader extends double_ratchet.X3DHHeader.$Properties {
    }

    /** Represents a X3DHHeader. */
    class X3DHHeader {

        /**
         * Constructs a new X3DHHeader.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.X3DHHeader.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** X3DHHeader key. */
        key: Uint8Array;

        /** X3DHHeader id. */
        id: Uint8Array;

        /**
         * Creates a new X3DHHeader instance using the specified properties.
         * @param [properties] Properties to set
         * @returns X3DHHeader instance
         */
        static create(properties: double_ratchet.X3DHHeader.$Shape): double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape;
        static create(properties?: double_ratchet.X3DHHeader.$Properties): double_ratchet.X3DHHeader;

        /**
         * Encodes the specified X3DHHeader message. Does not implicitly {@link double_ratchet.X3DHHeader.verify|verify} messages.
         * @param message X3DHHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.X3DHHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified X3DHHeader message, length delimited. Does not implicitly {@link double_ratchet.X3DHHeader.verify|verify} messages.
         * @param message X3DHHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.X3DHHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a X3DHHeader message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape} X3DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape;

        /**
         * Decodes a X3DHHeader message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape} X3DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape;

        /**
         * Verifies a X3DHHeader message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a X3DHHeader message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns X3DHHeader
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.X3DHHeader;

        /**
         * Creates a plain object from a X3DHHeader message. Also converts values to other types if specified.
         * @param message X3DHHeader
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.X3DHHeader, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this X3DHHeader to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for X3DHHeader
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace X3DHHeader {

        /** Properties of a X3DHHeader. */
        interface $Properties {

            /** X3DHHeader key */
            key?: (Uint8Array|null);

            /** X3DHHeader id */
            id?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a X3DHHeader. */
        type $Shape = double_ratchet.X3DHHeader.$Properties;
    }

    /**
     * Properties of a DirectMessage.
     * @deprecated Use double_ratchet.DirectMessage.$Properties instead.
     */
    interface IDirectMessage extends double_ratchet.DirectMessage.$Properties {
    }

    /** Represents a DirectMessage. */
    class DirectMessage {

        /**
         * Constructs a new DirectMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.DirectMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DirectMessage x3dhHeader. */
        x3dhHeader?: (double_ratchet.X3DHHeader.$Properties|null);

        /** DirectMessage drHeader. */
        drHeader?: (double_ratchet.DRHeader.$Properties|null);

        /** DirectMessage payload. */
        payload: Uint8Array;

        /** DirectMessage dhHeader. */
        dhHeader?: (double_ratchet.DHHeader.$Properties|null);

        /**
         * Creates a new DirectMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns DirectMessage instance
         */
        static create(properties: double_ratchet.DirectMessage.$Shape): double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape;
        static create(properties?: double_ratchet.DirectMessage.$Properties): double_ratchet.DirectMessage;

        /**
         * Encodes the specified DirectMessage message. Does not implicitly {@link double_ratchet.DirectMessage.verify|verify} messages.
         * @param message DirectMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.DirectMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified DirectMessage message, length delimited. Does not implicitly {@link double_ratchet.DirectMessage.verify|verify} messages.
         * @param message DirectMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.DirectMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DirectMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape} DirectMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape;

        /**
         * Decodes a DirectMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape} DirectMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape;

        /**
         * Verifies a DirectMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a DirectMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns DirectMessage
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.DirectMessage;

        /**
         * Creates a plain object from a DirectMessage message. Also converts values to other types if specified.
         * @param message DirectMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.DirectMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this DirectMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for DirectMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace DirectMessage {

        /** Properties of a DirectMessage. */
        interface $Properties {

            /** DirectMessage x3dhHeader */
            x3dhHeader?: (double_ratchet.X3DHHeader.$Properties|null);

            /** DirectMessage drHeader */
            drHeader?: (double_ratchet.DRHeader.$Properties|null);

            /** DirectMessage payload */
            payload?: (Uint8Array|null);

            /** DirectMessage dhHeader */
            dhHeader?: (double_ratchet.DHHeader.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DirectMessage. */
        type $Shape = double_ratchet.DirectMessage.$Properties;
    }

    /**
     * Properties of a ProtocolMessage.
     * @deprecated Use double_ratchet.ProtocolMessage.$Properties instead.
     */
    interface IProtocolMessage extends double_ratchet.ProtocolMessage.$Properties {
    }

    /** Represents a ProtocolMessage. */
    class ProtocolMessage {

        /**
         * Constructs a new ProtocolMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: double_ratchet.ProtocolMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ProtocolMessage installationId. */
        installationId: string;

        /** ProtocolMessage bundles. */
        bundles: double_ratchet.Bundle.$Properties[];

        /** ProtocolMessage directMessage. */
        directMessage: { [k: string]: double_ratchet.DirectMessage.$Properties };

        /** ProtocolMessage publicMessage. */
        publicMessage?: (Uint8Array|null);

        /**
         * Creates a new ProtocolMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ProtocolMessage instance
         */
        static create(properties: double_ratchet.ProtocolMessage.$Shape): double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape;
        static create(properties?: double_ratchet.ProtocolMessage.$Properties): double_ratchet.ProtocolMessage;

        /**
         * Encodes the specified ProtocolMessage message. Does not implicitly {@link double_ratchet.ProtocolMessage.verify|verify} messages.
         * @param message ProtocolMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: double_ratchet.ProtocolMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified ProtocolMessage message, length delimited. Does not implicitly {@link double_ratchet.ProtocolMessage.verify|verify} messages.
         * @param message ProtocolMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: double_ratchet.ProtocolMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ProtocolMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape} ProtocolMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape;

        /**
         * Decodes a ProtocolMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape} ProtocolMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape;

        /**
         * Verifies a ProtocolMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a ProtocolMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns ProtocolMessage
         */
        static fromObject(object: { [k: string]: any }): double_ratchet.ProtocolMessage;

        /**
         * Creates a plain object from a ProtocolMessage message. Also converts values to other types if specified.
         * @param message ProtocolMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: double_ratchet.ProtocolMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this ProtocolMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for ProtocolMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ProtocolMessage {

        /** Properties of a ProtocolMessage. */
        interface $Properties {

            /** ProtocolMessage installationId */
            installationId?: (string|null);

            /** ProtocolMessage bundles */
            bundles?: (double_ratchet.Bundle.$Properties[]|null);

            /** ProtocolMessage directMessage */
            directMessage?: ({ [k: string]: double_ratchet.DirectMessage.$Properties }|null);

            /** ProtocolMessage publicMessage */
            publicMessage?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ProtocolMessage. */
        type $Shape = double_ratchet.ProtocolMessage.$Properties;
    }
}
