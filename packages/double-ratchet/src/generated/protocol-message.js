/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $Number = $util.global.Number, $String = $util.global.String, $Array = $util.global.Array, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt;

// Exported root namespace
const $root = $protobuf.roots["protocol-message"] || ($protobuf.roots["protocol-message"] = {});

export const double_ratchet = $root.double_ratchet = (() => {

    /**
     * Namespace double_ratchet.
     * @exports double_ratchet
     * @namespace
     */
    const double_ratchet = {};

    double_ratchet.SignedPreKey = (function() {

        /**
         * Properties of a SignedPreKey.
         * @typedef {Object} double_ratchet.SignedPreKey.$Properties
         * @property {Uint8Array|null} [signedPreKey] SignedPreKey signedPreKey
         * @property {number|null} [version] SignedPreKey version
         * @property {number|null} [protocolVersion] SignedPreKey protocolVersion
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedPreKey.
         * @memberof double_ratchet
         * @interface ISignedPreKey
         * @augments double_ratchet.SignedPreKey.$Properties
         * @deprecated Use double_ratchet.SignedPreKey.$Properties instead.
         */

        /**
         * Shape of a SignedPreKey.
         * @typedef {double_ratchet.SignedPreKey.$Properties} double_ratchet.SignedPreKey.$Shape
         */

        /**
         * Constructs a new SignedPreKey.
         * @memberof double_ratchet
         * @classdesc Represents a SignedPreKey.
         * @constructor
         * @param {double_ratchet.SignedPreKey.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedPreKey = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedPreKey signedPreKey.
         * @member {Uint8Array} signedPreKey
         * @memberof double_ratchet.SignedPreKey
         * @instance
         */
        SignedPreKey.prototype.signedPreKey = $util.newBuffer([]);

        /**
         * SignedPreKey version.
         * @member {number} version
         * @memberof double_ratchet.SignedPreKey
         * @instance
         */
        SignedPreKey.prototype.version = 0;

        /**
         * SignedPreKey protocolVersion.
         * @member {number} protocolVersion
         * @memberof double_ratchet.SignedPreKey
         * @instance
         */
        SignedPreKey.prototype.protocolVersion = 0;

        /**
         * Creates a new SignedPreKey instance using the specified properties.
         * @function create
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {double_ratchet.SignedPreKey.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.SignedPreKey} SignedPreKey instance
         * @type {{
         *   (properties: double_ratchet.SignedPreKey.$Shape): double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape;
         *   (properties?: double_ratchet.SignedPreKey.$Properties): double_ratchet.SignedPreKey;
         * }}
         */
        SignedPreKey.create = function(properties) {
            return new SignedPreKey(properties);
        };

        /**
         * Encodes the specified SignedPreKey message. Does not implicitly {@link double_ratchet.SignedPreKey.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {double_ratchet.SignedPreKey.$Properties} message SignedPreKey message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedPreKey.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.signedPreKey != null && $Object.hasOwnProperty.call(message, "signedPreKey") && message.signedPreKey.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signedPreKey);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.version);
            if (message.protocolVersion != null && $Object.hasOwnProperty.call(message, "protocolVersion") && message.protocolVersion !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.protocolVersion);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified SignedPreKey message, length delimited. Does not implicitly {@link double_ratchet.SignedPreKey.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {double_ratchet.SignedPreKey.$Properties} message SignedPreKey message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedPreKey.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a SignedPreKey message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape} SignedPreKey
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedPreKey.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.SignedPreKey();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signedPreKey = value;
                        else
                            delete message.signedPreKey;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.protocolVersion = value;
                        else
                            delete message.protocolVersion;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a SignedPreKey message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.SignedPreKey & double_ratchet.SignedPreKey.$Shape} SignedPreKey
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedPreKey.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a SignedPreKey message.
         * @function verify
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        SignedPreKey.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.signedPreKey != null && $Object.hasOwnProperty.call(message, "signedPreKey"))
                if (!(message.signedPreKey && typeof message.signedPreKey.length === "number" || $util.isString(message.signedPreKey)))
                    return "signedPreKey: buffer expected";
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                if (!$util.isInteger(message.version))
                    return "version: integer expected";
            if (message.protocolVersion != null && $Object.hasOwnProperty.call(message, "protocolVersion"))
                if (!$util.isInteger(message.protocolVersion))
                    return "protocolVersion: integer expected";
            return null;
        };

        /**
         * Creates a SignedPreKey message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.SignedPreKey} SignedPreKey
         */
        SignedPreKey.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.SignedPreKey)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.SignedPreKey: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.SignedPreKey();
            if (object.signedPreKey != null)
                if (object.signedPreKey.length)
                    if (typeof object.signedPreKey === "string")
                        $util.base64.decode(object.signedPreKey, message.signedPreKey = $util.newBuffer($util.base64.length(object.signedPreKey)), 0);
                    else if (object.signedPreKey.length >= 0)
                        message.signedPreKey = object.signedPreKey;
            if (object.version != null)
                if ($Number(object.version) !== 0)
                    message.version = object.version >>> 0;
            if (object.protocolVersion != null)
                if ($Number(object.protocolVersion) !== 0)
                    message.protocolVersion = object.protocolVersion >>> 0;
            return message;
        };

        /**
         * Creates a plain object from a SignedPreKey message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {double_ratchet.SignedPreKey} message SignedPreKey
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        SignedPreKey.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                if (options.bytes === $String)
                    object.signedPreKey = "";
                else {
                    object.signedPreKey = [];
                    if (options.bytes !== $Array)
                        object.signedPreKey = $util.newBuffer(object.signedPreKey);
                }
                object.version = 0;
                object.protocolVersion = 0;
            }
            if (message.signedPreKey != null && $Object.hasOwnProperty.call(message, "signedPreKey"))
                object.signedPreKey = options.bytes === $String ? $util.base64.encode(message.signedPreKey, 0, message.signedPreKey.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signedPreKey) : message.signedPreKey;
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                object.version = message.version;
            if (message.protocolVersion != null && $Object.hasOwnProperty.call(message, "protocolVersion"))
                object.protocolVersion = message.protocolVersion;
            return object;
        };

        /**
         * Converts this SignedPreKey to JSON.
         * @function toJSON
         * @memberof double_ratchet.SignedPreKey
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        SignedPreKey.prototype.toJSON = function() {
            return SignedPreKey.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for SignedPreKey
         * @function getTypeUrl
         * @memberof double_ratchet.SignedPreKey
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        SignedPreKey.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.SignedPreKey";
        };

        return SignedPreKey;
    })();

    double_ratchet.Bundle = (function() {

        /**
         * Properties of a Bundle.
         * @typedef {Object} double_ratchet.Bundle.$Properties
         * @property {Uint8Array|null} [identity] Bundle identity
         * @property {Object.<string,double_ratchet.SignedPreKey.$Properties>|null} [signedPreKeys] Bundle signedPreKeys
         * @property {Uint8Array|null} [signature] Bundle signature
         * @property {number|Long|null} [timestamp] Bundle timestamp
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Bundle.
         * @memberof double_ratchet
         * @interface IBundle
         * @augments double_ratchet.Bundle.$Properties
         * @deprecated Use double_ratchet.Bundle.$Properties instead.
         */

        /**
         * Shape of a Bundle.
         * @typedef {double_ratchet.Bundle.$Properties} double_ratchet.Bundle.$Shape
         */

        /**
         * Constructs a new Bundle.
         * @memberof double_ratchet
         * @classdesc Represents a Bundle.
         * @constructor
         * @param {double_ratchet.Bundle.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Bundle = function (properties) {
            this.signedPreKeys = {};
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Bundle identity.
         * @member {Uint8Array} identity
         * @memberof double_ratchet.Bundle
         * @instance
         */
        Bundle.prototype.identity = $util.newBuffer([]);

        /**
         * Bundle signedPreKeys.
         * @member {Object.<string,double_ratchet.SignedPreKey.$Properties>} signedPreKeys
         * @memberof double_ratchet.Bundle
         * @instance
         */
        Bundle.prototype.signedPreKeys = $util.emptyObject;

        /**
         * Bundle signature.
         * @member {Uint8Array} signature
         * @memberof double_ratchet.Bundle
         * @instance
         */
        Bundle.prototype.signature = $util.newBuffer([]);

        /**
         * Bundle timestamp.
         * @member {number|Long} timestamp
         * @memberof double_ratchet.Bundle
         * @instance
         */
        Bundle.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

        /**
         * Creates a new Bundle instance using the specified properties.
         * @function create
         * @memberof double_ratchet.Bundle
         * @static
         * @param {double_ratchet.Bundle.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.Bundle} Bundle instance
         * @type {{
         *   (properties: double_ratchet.Bundle.$Shape): double_ratchet.Bundle & double_ratchet.Bundle.$Shape;
         *   (properties?: double_ratchet.Bundle.$Properties): double_ratchet.Bundle;
         * }}
         */
        Bundle.create = function(properties) {
            return new Bundle(properties);
        };

        /**
         * Encodes the specified Bundle message. Does not implicitly {@link double_ratchet.Bundle.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.Bundle
         * @static
         * @param {double_ratchet.Bundle.$Properties} message Bundle message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Bundle.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.identity != null && $Object.hasOwnProperty.call(message, "identity") && message.identity.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.identity);
            if (message.signedPreKeys != null && $Object.hasOwnProperty.call(message, "signedPreKeys"))
                for (let keys = $Object.keys(message.signedPreKeys), i = 0; i < keys.length; ++i) {
                    writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]);
                    $root.double_ratchet.SignedPreKey.encode(message.signedPreKeys[keys[i]], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim().ldelim();
                }
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.signature);
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).int64(message.timestamp);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified Bundle message, length delimited. Does not implicitly {@link double_ratchet.Bundle.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.Bundle
         * @static
         * @param {double_ratchet.Bundle.$Properties} message Bundle message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Bundle.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a Bundle message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.Bundle
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.Bundle & double_ratchet.Bundle.$Shape} Bundle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Bundle.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, key, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.Bundle();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.identity = value;
                        else
                            delete message.identity;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (message.signedPreKeys === $util.emptyObject)
                            message.signedPreKeys = {};
                        let end2 = reader.size() + reader.pos;
                        if (end2 > reader.len)
                            throw $RangeError("index out of range");
                        reader.len = end2;
                        key = "";
                        value = null;
                        while (reader.pos < end2) {
                            let tag2 = reader.tag();
                            wireType = tag2 & 7;
                            switch (tag2 >>>= 3) {
                            case 1:
                                if (wireType !== 2)
                                    break;
                                key = reader.stringVerify();
                                continue;
                            case 2:
                                if (wireType !== 2)
                                    break;
                                value = $root.double_ratchet.SignedPreKey.decode(reader, reader.size(), $undefined, _depth + 1, value);
                                continue;
                            }
                            reader.skipType(wireType, _depth, tag2);
                        }
                        if (reader.pos !== end2)
                            throw $RangeError("index out of range");
                        reader.len = end;
                        if (key === "__proto__")
                            $util.makeProp(message.signedPreKeys, key);
                        message.signedPreKeys[key] = value || new $root.double_ratchet.SignedPreKey();
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.timestamp = value;
                        else
                            delete message.timestamp;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a Bundle message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.Bundle
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.Bundle & double_ratchet.Bundle.$Shape} Bundle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Bundle.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a Bundle message.
         * @function verify
         * @memberof double_ratchet.Bundle
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        Bundle.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.identity != null && $Object.hasOwnProperty.call(message, "identity"))
                if (!(message.identity && typeof message.identity.length === "number" || $util.isString(message.identity)))
                    return "identity: buffer expected";
            if (message.signedPreKeys != null && $Object.hasOwnProperty.call(message, "signedPreKeys")) {
                if (!$util.isObject(message.signedPreKeys))
                    return "signedPreKeys: object expected";
                let key = $Object.keys(message.signedPreKeys);
                for (let i = 0; i < key.length; ++i) {
                    let error = $root.double_ratchet.SignedPreKey.verify(message.signedPreKeys[key[i]], _depth + 1);
                    if (error)
                        return "signedPreKeys." + error;
                }
            }
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                if (!(message.signature && typeof message.signature.length === "number" || $util.isString(message.signature)))
                    return "signature: buffer expected";
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                if (!$util.isInteger(message.timestamp) && !(message.timestamp && $util.isInteger(message.timestamp.low) && $util.isInteger(message.timestamp.high)))
                    return "timestamp: integer|Long expected";
            return null;
        };

        /**
         * Creates a Bundle message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.Bundle
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.Bundle} Bundle
         */
        Bundle.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.Bundle)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.Bundle: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.Bundle();
            if (object.identity != null)
                if (object.identity.length)
                    if (typeof object.identity === "string")
                        $util.base64.decode(object.identity, message.identity = $util.newBuffer($util.base64.length(object.identity)), 0);
                    else if (object.identity.length >= 0)
                        message.identity = object.identity;
            if (object.signedPreKeys) {
                if (!$util.isObject(object.signedPreKeys))
                    throw $TypeError(".double_ratchet.Bundle.signedPreKeys: object expected");
                message.signedPreKeys = {};
                for (let keys = $Object.keys(object.signedPreKeys), i = 0; i < keys.length; ++i) {
                    if (keys[i] === "__proto__")
                        $util.makeProp(message.signedPreKeys, keys[i]);
                    if (!$util.isObject(object.signedPreKeys[keys[i]]))
                        throw $TypeError(".double_ratchet.Bundle.signedPreKeys: object expected");
                    message.signedPreKeys[keys[i]] = $root.double_ratchet.SignedPreKey.fromObject(object.signedPreKeys[keys[i]], _depth + 1);
                }
            }
            if (object.signature != null)
                if (object.signature.length)
                    if (typeof object.signature === "string")
                        $util.base64.decode(object.signature, message.signature = $util.newBuffer($util.base64.length(object.signature)), 0);
                    else if (object.signature.length >= 0)
                        message.signature = object.signature;
            if (object.timestamp != null)
                if (typeof object.timestamp === "object" ? object.timestamp.low || object.timestamp.high : $Number(object.timestamp) !== 0)
                    if ($util.Long)
                        message.timestamp = $util.Long.fromValue(object.timestamp, false);
                    else if (typeof object.timestamp === "string")
                        message.timestamp = $parseInt(object.timestamp, 10);
                    else if (typeof object.timestamp === "number")
                        message.timestamp = object.timestamp;
                    else if (typeof object.timestamp === "object")
                        message.timestamp = new $util.LongBits(object.timestamp.low >>> 0, object.timestamp.high >>> 0).toNumber();
            return message;
        };

        /**
         * Creates a plain object from a Bundle message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.Bundle
         * @static
         * @param {double_ratchet.Bundle} message Bundle
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        Bundle.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.objects || options.defaults)
                object.signedPreKeys = {};
            if (options.defaults) {
                if (options.bytes === $String)
                    object.identity = "";
                else {
                    object.identity = [];
                    if (options.bytes !== $Array)
                        object.identity = $util.newBuffer(object.identity);
                }
                if (options.bytes === $String)
                    object.signature = "";
                else {
                    object.signature = [];
                    if (options.bytes !== $Array)
                        object.signature = $util.newBuffer(object.signature);
                }
                if ($util.Long) {
                    let long = new $util.Long(0, 0, false);
                    object.timestamp = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                } else
                    object.timestamp = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
            }
            if (message.identity != null && $Object.hasOwnProperty.call(message, "identity"))
                object.identity = options.bytes === $String ? $util.base64.encode(message.identity, 0, message.identity.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.identity) : message.identity;
            let keys2;
            if (message.signedPreKeys && (keys2 = $Object.keys(message.signedPreKeys)).length) {
                object.signedPreKeys = {};
                for (let j = 0; j < keys2.length; ++j) {
                    if (keys2[j] === "__proto__")
                        $util.makeProp(object.signedPreKeys, keys2[j]);
                    object.signedPreKeys[keys2[j]] = $root.double_ratchet.SignedPreKey.toObject(message.signedPreKeys[keys2[j]], options, _depth + 1);
                }
            }
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                    object.timestamp = typeof message.timestamp === "number" ? $BigInt(message.timestamp) : $util.Long.fromBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0, false).toBigInt();
                else if (typeof message.timestamp === "number")
                    object.timestamp = options.longs === $String ? $String(message.timestamp) : message.timestamp;
                else
                    object.timestamp = options.longs === $String ? $util.Long.prototype.toString.call(message.timestamp) : options.longs === $Number ? new $util.LongBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0).toNumber() : message.timestamp;
            return object;
        };

        /**
         * Converts this Bundle to JSON.
         * @function toJSON
         * @memberof double_ratchet.Bundle
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        Bundle.prototype.toJSON = function() {
            return Bundle.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for Bundle
         * @function getTypeUrl
         * @memberof double_ratchet.Bundle
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Bundle.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.Bundle";
        };

        return Bundle;
    })();

    double_ratchet.BundleContainer = (function() {

        /**
         * Properties of a BundleContainer.
         * @typedef {Object} double_ratchet.BundleContainer.$Properties
         * @property {double_ratchet.Bundle.$Properties|null} [bundle] BundleContainer bundle
         * @property {Uint8Array|null} [privateSignedPreKey] BundleContainer privateSignedPreKey
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BundleContainer.
         * @memberof double_ratchet
         * @interface IBundleContainer
         * @augments double_ratchet.BundleContainer.$Properties
         * @deprecated Use double_ratchet.BundleContainer.$Properties instead.
         */

        /**
         * Shape of a BundleContainer.
         * @typedef {double_ratchet.BundleContainer.$Properties} double_ratchet.BundleContainer.$Shape
         */

        /**
         * Constructs a new BundleContainer.
         * @memberof double_ratchet
         * @classdesc Represents a BundleContainer.
         * @constructor
         * @param {double_ratchet.BundleContainer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BundleContainer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * BundleContainer bundle.
         * @member {double_ratchet.Bundle.$Properties|null|undefined} bundle
         * @memberof double_ratchet.BundleContainer
         * @instance
         */
        BundleContainer.prototype.bundle = null;

        /**
         * BundleContainer privateSignedPreKey.
         * @member {Uint8Array} privateSignedPreKey
         * @memberof double_ratchet.BundleContainer
         * @instance
         */
        BundleContainer.prototype.privateSignedPreKey = $util.newBuffer([]);

        /**
         * Creates a new BundleContainer instance using the specified properties.
         * @function create
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {double_ratchet.BundleContainer.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.BundleContainer} BundleContainer instance
         * @type {{
         *   (properties: double_ratchet.BundleContainer.$Shape): double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape;
         *   (properties?: double_ratchet.BundleContainer.$Properties): double_ratchet.BundleContainer;
         * }}
         */
        BundleContainer.create = function(properties) {
            return new BundleContainer(properties);
        };

        /**
         * Encodes the specified BundleContainer message. Does not implicitly {@link double_ratchet.BundleContainer.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {double_ratchet.BundleContainer.$Properties} message BundleContainer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BundleContainer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.bundle != null && $Object.hasOwnProperty.call(message, "bundle"))
                $root.double_ratchet.Bundle.encode(message.bundle, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.privateSignedPreKey != null && $Object.hasOwnProperty.call(message, "privateSignedPreKey") && message.privateSignedPreKey.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.privateSignedPreKey);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified BundleContainer message, length delimited. Does not implicitly {@link double_ratchet.BundleContainer.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {double_ratchet.BundleContainer.$Properties} message BundleContainer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BundleContainer.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a BundleContainer message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape} BundleContainer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BundleContainer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.BundleContainer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.bundle = $root.double_ratchet.Bundle.decode(reader, reader.size(), $undefined, _depth + 1, message.bundle);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.privateSignedPreKey = value;
                        else
                            delete message.privateSignedPreKey;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a BundleContainer message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.BundleContainer & double_ratchet.BundleContainer.$Shape} BundleContainer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BundleContainer.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a BundleContainer message.
         * @function verify
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        BundleContainer.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.bundle != null && $Object.hasOwnProperty.call(message, "bundle")) {
                let error = $root.double_ratchet.Bundle.verify(message.bundle, _depth + 1);
                if (error)
                    return "bundle." + error;
            }
            if (message.privateSignedPreKey != null && $Object.hasOwnProperty.call(message, "privateSignedPreKey"))
                if (!(message.privateSignedPreKey && typeof message.privateSignedPreKey.length === "number" || $util.isString(message.privateSignedPreKey)))
                    return "privateSignedPreKey: buffer expected";
            return null;
        };

        /**
         * Creates a BundleContainer message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.BundleContainer} BundleContainer
         */
        BundleContainer.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.BundleContainer)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.BundleContainer: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.BundleContainer();
            if (object.bundle != null) {
                if (!$util.isObject(object.bundle))
                    throw $TypeError(".double_ratchet.BundleContainer.bundle: object expected");
                message.bundle = $root.double_ratchet.Bundle.fromObject(object.bundle, _depth + 1);
            }
            if (object.privateSignedPreKey != null)
                if (object.privateSignedPreKey.length)
                    if (typeof object.privateSignedPreKey === "string")
                        $util.base64.decode(object.privateSignedPreKey, message.privateSignedPreKey = $util.newBuffer($util.base64.length(object.privateSignedPreKey)), 0);
                    else if (object.privateSignedPreKey.length >= 0)
                        message.privateSignedPreKey = object.privateSignedPreKey;
            return message;
        };

        /**
         * Creates a plain object from a BundleContainer message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {double_ratchet.BundleContainer} message BundleContainer
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        BundleContainer.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                object.bundle = null;
                if (options.bytes === $String)
                    object.privateSignedPreKey = "";
                else {
                    object.privateSignedPreKey = [];
                    if (options.bytes !== $Array)
                        object.privateSignedPreKey = $util.newBuffer(object.privateSignedPreKey);
                }
            }
            if (message.bundle != null && $Object.hasOwnProperty.call(message, "bundle"))
                object.bundle = $root.double_ratchet.Bundle.toObject(message.bundle, options, _depth + 1);
            if (message.privateSignedPreKey != null && $Object.hasOwnProperty.call(message, "privateSignedPreKey"))
                object.privateSignedPreKey = options.bytes === $String ? $util.base64.encode(message.privateSignedPreKey, 0, message.privateSignedPreKey.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.privateSignedPreKey) : message.privateSignedPreKey;
            return object;
        };

        /**
         * Converts this BundleContainer to JSON.
         * @function toJSON
         * @memberof double_ratchet.BundleContainer
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        BundleContainer.prototype.toJSON = function() {
            return BundleContainer.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for BundleContainer
         * @function getTypeUrl
         * @memberof double_ratchet.BundleContainer
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        BundleContainer.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.BundleContainer";
        };

        return BundleContainer;
    })();

    double_ratchet.DRHeader = (function() {

        /**
         * Properties of a DRHeader.
         * @typedef {Object} double_ratchet.DRHeader.$Properties
         * @property {Uint8Array|null} [key] DRHeader key
         * @property {number|null} [n] DRHeader n
         * @property {number|null} [pn] DRHeader pn
         * @property {Uint8Array|null} [id] DRHeader id
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DRHeader.
         * @memberof double_ratchet
         * @interface IDRHeader
         * @augments double_ratchet.DRHeader.$Properties
         * @deprecated Use double_ratchet.DRHeader.$Properties instead.
         */

        /**
         * Shape of a DRHeader.
         * @typedef {double_ratchet.DRHeader.$Properties} double_ratchet.DRHeader.$Shape
         */

        /**
         * Constructs a new DRHeader.
         * @memberof double_ratchet
         * @classdesc Represents a DRHeader.
         * @constructor
         * @param {double_ratchet.DRHeader.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DRHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DRHeader key.
         * @member {Uint8Array} key
         * @memberof double_ratchet.DRHeader
         * @instance
         */
        DRHeader.prototype.key = $util.newBuffer([]);

        /**
         * DRHeader n.
         * @member {number} n
         * @memberof double_ratchet.DRHeader
         * @instance
         */
        DRHeader.prototype.n = 0;

        /**
         * DRHeader pn.
         * @member {number} pn
         * @memberof double_ratchet.DRHeader
         * @instance
         */
        DRHeader.prototype.pn = 0;

        /**
         * DRHeader id.
         * @member {Uint8Array} id
         * @memberof double_ratchet.DRHeader
         * @instance
         */
        DRHeader.prototype.id = $util.newBuffer([]);

        /**
         * Creates a new DRHeader instance using the specified properties.
         * @function create
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {double_ratchet.DRHeader.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.DRHeader} DRHeader instance
         * @type {{
         *   (properties: double_ratchet.DRHeader.$Shape): double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape;
         *   (properties?: double_ratchet.DRHeader.$Properties): double_ratchet.DRHeader;
         * }}
         */
        DRHeader.create = function(properties) {
            return new DRHeader(properties);
        };

        /**
         * Encodes the specified DRHeader message. Does not implicitly {@link double_ratchet.DRHeader.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {double_ratchet.DRHeader.$Properties} message DRHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DRHeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
            if (message.n != null && $Object.hasOwnProperty.call(message, "n") && message.n !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.n);
            if (message.pn != null && $Object.hasOwnProperty.call(message, "pn") && message.pn !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.pn);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified DRHeader message, length delimited. Does not implicitly {@link double_ratchet.DRHeader.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {double_ratchet.DRHeader.$Properties} message DRHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DRHeader.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a DRHeader message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape} DRHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DRHeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.DRHeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.n = value;
                        else
                            delete message.n;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.pn = value;
                        else
                            delete message.pn;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a DRHeader message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.DRHeader & double_ratchet.DRHeader.$Shape} DRHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DRHeader.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a DRHeader message.
         * @function verify
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        DRHeader.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                if (!(message.key && typeof message.key.length === "number" || $util.isString(message.key)))
                    return "key: buffer expected";
            if (message.n != null && $Object.hasOwnProperty.call(message, "n"))
                if (!$util.isInteger(message.n))
                    return "n: integer expected";
            if (message.pn != null && $Object.hasOwnProperty.call(message, "pn"))
                if (!$util.isInteger(message.pn))
                    return "pn: integer expected";
            if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                if (!(message.id && typeof message.id.length === "number" || $util.isString(message.id)))
                    return "id: buffer expected";
            return null;
        };

        /**
         * Creates a DRHeader message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.DRHeader} DRHeader
         */
        DRHeader.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.DRHeader)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.DRHeader: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.DRHeader();
            if (object.key != null)
                if (object.key.length)
                    if (typeof object.key === "string")
                        $util.base64.decode(object.key, message.key = $util.newBuffer($util.base64.length(object.key)), 0);
                    else if (object.key.length >= 0)
                        message.key = object.key;
            if (object.n != null)
                if ($Number(object.n) !== 0)
                    message.n = object.n >>> 0;
            if (object.pn != null)
                if ($Number(object.pn) !== 0)
                    message.pn = object.pn >>> 0;
            if (object.id != null)
                if (object.id.length)
                    if (typeof object.id === "string")
                        $util.base64.decode(object.id, message.id = $util.newBuffer($util.base64.length(object.id)), 0);
                    else if (object.id.length >= 0)
                        message.id = object.id;
            return message;
        };

        /**
         * Creates a plain object from a DRHeader message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {double_ratchet.DRHeader} message DRHeader
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        DRHeader.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                if (options.bytes === $String)
                    object.key = "";
                else {
                    object.key = [];
                    if (options.bytes !== $Array)
                        object.key = $util.newBuffer(object.key);
                }
                object.n = 0;
                object.pn = 0;
                if (options.bytes === $String)
                    object.id = "";
                else {
                    object.id = [];
                    if (options.bytes !== $Array)
                        object.id = $util.newBuffer(object.id);
                }
            }
            if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                object.key = options.bytes === $String ? $util.base64.encode(message.key, 0, message.key.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.key) : message.key;
            if (message.n != null && $Object.hasOwnProperty.call(message, "n"))
                object.n = message.n;
            if (message.pn != null && $Object.hasOwnProperty.call(message, "pn"))
                object.pn = message.pn;
            if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                object.id = options.bytes === $String ? $util.base64.encode(message.id, 0, message.id.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.id) : message.id;
            return object;
        };

        /**
         * Converts this DRHeader to JSON.
         * @function toJSON
         * @memberof double_ratchet.DRHeader
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        DRHeader.prototype.toJSON = function() {
            return DRHeader.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for DRHeader
         * @function getTypeUrl
         * @memberof double_ratchet.DRHeader
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        DRHeader.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.DRHeader";
        };

        return DRHeader;
    })();

    double_ratchet.DHHeader = (function() {

        /**
         * Properties of a DHHeader.
         * @typedef {Object} double_ratchet.DHHeader.$Properties
         * @property {Uint8Array|null} [key] DHHeader key
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DHHeader.
         * @memberof double_ratchet
         * @interface IDHHeader
         * @augments double_ratchet.DHHeader.$Properties
         * @deprecated Use double_ratchet.DHHeader.$Properties instead.
         */

        /**
         * Shape of a DHHeader.
         * @typedef {double_ratchet.DHHeader.$Properties} double_ratchet.DHHeader.$Shape
         */

        /**
         * Constructs a new DHHeader.
         * @memberof double_ratchet
         * @classdesc Represents a DHHeader.
         * @constructor
         * @param {double_ratchet.DHHeader.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DHHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DHHeader key.
         * @member {Uint8Array} key
         * @memberof double_ratchet.DHHeader
         * @instance
         */
        DHHeader.prototype.key = $util.newBuffer([]);

        /**
         * Creates a new DHHeader instance using the specified properties.
         * @function create
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {double_ratchet.DHHeader.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.DHHeader} DHHeader instance
         * @type {{
         *   (properties: double_ratchet.DHHeader.$Shape): double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape;
         *   (properties?: double_ratchet.DHHeader.$Properties): double_ratchet.DHHeader;
         * }}
         */
        DHHeader.create = function(properties) {
            return new DHHeader(properties);
        };

        /**
         * Encodes the specified DHHeader message. Does not implicitly {@link double_ratchet.DHHeader.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {double_ratchet.DHHeader.$Properties} message DHHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DHHeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified DHHeader message, length delimited. Does not implicitly {@link double_ratchet.DHHeader.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {double_ratchet.DHHeader.$Properties} message DHHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DHHeader.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a DHHeader message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape} DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DHHeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.DHHeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a DHHeader message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.DHHeader & double_ratchet.DHHeader.$Shape} DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DHHeader.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a DHHeader message.
         * @function verify
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        DHHeader.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                if (!(message.key && typeof message.key.length === "number" || $util.isString(message.key)))
                    return "key: buffer expected";
            return null;
        };

        /**
         * Creates a DHHeader message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.DHHeader} DHHeader
         */
        DHHeader.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.DHHeader)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.DHHeader: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.DHHeader();
            if (object.key != null)
                if (object.key.length)
                    if (typeof object.key === "string")
                        $util.base64.decode(object.key, message.key = $util.newBuffer($util.base64.length(object.key)), 0);
                    else if (object.key.length >= 0)
                        message.key = object.key;
            return message;
        };

        /**
         * Creates a plain object from a DHHeader message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {double_ratchet.DHHeader} message DHHeader
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        DHHeader.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                if (options.bytes === $String)
                    object.key = "";
                else {
                    object.key = [];
                    if (options.bytes !== $Array)
                        object.key = $util.newBuffer(object.key);
                }
            if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                object.key = options.bytes === $String ? $util.base64.encode(message.key, 0, message.key.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.key) : message.key;
            return object;
        };

        /**
         * Converts this DHHeader to JSON.
         * @function toJSON
         * @memberof double_ratchet.DHHeader
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        DHHeader.prototype.toJSON = function() {
            return DHHeader.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for DHHeader
         * @function getTypeUrl
         * @memberof double_ratchet.DHHeader
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        DHHeader.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.DHHeader";
        };

        return DHHeader;
    })();

    double_ratchet.X3DHHeader = (function() {

        /**
         * Properties of a X3DHHeader.
         * @typedef {Object} double_ratchet.X3DHHeader.$Properties
         * @property {Uint8Array|null} [key] X3DHHeader key
         * @property {Uint8Array|null} [id] X3DHHeader id
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a X3DHHeader.
         * @memberof double_ratchet
         * @interface IX3DHHeader
         * @augments double_ratchet.X3DHHeader.$Properties
         * @deprecated Use double_ratchet.X3DHHeader.$Properties instead.
         */

        /**
         * Shape of a X3DHHeader.
         * @typedef {double_ratchet.X3DHHeader.$Properties} double_ratchet.X3DHHeader.$Shape
         */

        /**
         * Constructs a new X3DHHeader.
         * @memberof double_ratchet
         * @classdesc Represents a X3DHHeader.
         * @constructor
         * @param {double_ratchet.X3DHHeader.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const X3DHHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * X3DHHeader key.
         * @member {Uint8Array} key
         * @memberof double_ratchet.X3DHHeader
         * @instance
         */
        X3DHHeader.prototype.key = $util.newBuffer([]);

        /**
         * X3DHHeader id.
         * @member {Uint8Array} id
         * @memberof double_ratchet.X3DHHeader
         * @instance
         */
        X3DHHeader.prototype.id = $util.newBuffer([]);

        /**
         * Creates a new X3DHHeader instance using the specified properties.
         * @function create
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {double_ratchet.X3DHHeader.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.X3DHHeader} X3DHHeader instance
         * @type {{
         *   (properties: double_ratchet.X3DHHeader.$Shape): double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape;
         *   (properties?: double_ratchet.X3DHHeader.$Properties): double_ratchet.X3DHHeader;
         * }}
         */
        X3DHHeader.create = function(properties) {
            return new X3DHHeader(properties);
        };

        /**
         * Encodes the specified X3DHHeader message. Does not implicitly {@link double_ratchet.X3DHHeader.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {double_ratchet.X3DHHeader.$Properties} message X3DHHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        X3DHHeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified X3DHHeader message, length delimited. Does not implicitly {@link double_ratchet.X3DHHeader.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {double_ratchet.X3DHHeader.$Properties} message X3DHHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        X3DHHeader.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a X3DHHeader message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape} X3DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        X3DHHeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.X3DHHeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.key = value;
                        else
                            delete message.key;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a X3DHHeader message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.X3DHHeader & double_ratchet.X3DHHeader.$Shape} X3DHHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        X3DHHeader.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a X3DHHeader message.
         * @function verify
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        X3DHHeader.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                if (!(message.key && typeof message.key.length === "number" || $util.isString(message.key)))
                    return "key: buffer expected";
            if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                if (!(message.id && typeof message.id.length === "number" || $util.isString(message.id)))
                    return "id: buffer expected";
            return null;
        };

        /**
         * Creates a X3DHHeader message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.X3DHHeader} X3DHHeader
         */
        X3DHHeader.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.X3DHHeader)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.X3DHHeader: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.X3DHHeader();
            if (object.key != null)
                if (object.key.length)
                    if (typeof object.key === "string")
                        $util.base64.decode(object.key, message.key = $util.newBuffer($util.base64.length(object.key)), 0);
                    else if (object.key.length >= 0)
                        message.key = object.key;
            if (object.id != null)
                if (object.id.length)
                    if (typeof object.id === "string")
                        $util.base64.decode(object.id, message.id = $util.newBuffer($util.base64.length(object.id)), 0);
                    else if (object.id.length >= 0)
                        message.id = object.id;
            return message;
        };

        /**
         * Creates a plain object from a X3DHHeader message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {double_ratchet.X3DHHeader} message X3DHHeader
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        X3DHHeader.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                if (options.bytes === $String)
                    object.key = "";
                else {
                    object.key = [];
                    if (options.bytes !== $Array)
                        object.key = $util.newBuffer(object.key);
                }
                if (options.bytes === $String)
                    object.id = "";
                else {
                    object.id = [];
                    if (options.bytes !== $Array)
                        object.id = $util.newBuffer(object.id);
                }
            }
            if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                object.key = options.bytes === $String ? $util.base64.encode(message.key, 0, message.key.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.key) : message.key;
            if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                object.id = options.bytes === $String ? $util.base64.encode(message.id, 0, message.id.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.id) : message.id;
            return object;
        };

        /**
         * Converts this X3DHHeader to JSON.
         * @function toJSON
         * @memberof double_ratchet.X3DHHeader
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        X3DHHeader.prototype.toJSON = function() {
            return X3DHHeader.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for X3DHHeader
         * @function getTypeUrl
         * @memberof double_ratchet.X3DHHeader
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        X3DHHeader.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.X3DHHeader";
        };

        return X3DHHeader;
    })();

    double_ratchet.DirectMessage = (function() {

        /**
         * Properties of a DirectMessage.
         * @typedef {Object} double_ratchet.DirectMessage.$Properties
         * @property {double_ratchet.X3DHHeader.$Properties|null} [x3dhHeader] DirectMessage x3dhHeader
         * @property {double_ratchet.DRHeader.$Properties|null} [drHeader] DirectMessage drHeader
         * @property {Uint8Array|null} [payload] DirectMessage payload
         * @property {double_ratchet.DHHeader.$Properties|null} [dhHeader] DirectMessage dhHeader
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DirectMessage.
         * @memberof double_ratchet
         * @interface IDirectMessage
         * @augments double_ratchet.DirectMessage.$Properties
         * @deprecated Use double_ratchet.DirectMessage.$Properties instead.
         */

        /**
         * Shape of a DirectMessage.
         * @typedef {double_ratchet.DirectMessage.$Properties} double_ratchet.DirectMessage.$Shape
         */

        /**
         * Constructs a new DirectMessage.
         * @memberof double_ratchet
         * @classdesc Represents a DirectMessage.
         * @constructor
         * @param {double_ratchet.DirectMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DirectMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DirectMessage x3dhHeader.
         * @member {double_ratchet.X3DHHeader.$Properties|null|undefined} x3dhHeader
         * @memberof double_ratchet.DirectMessage
         * @instance
         */
        DirectMessage.prototype.x3dhHeader = null;

        /**
         * DirectMessage drHeader.
         * @member {double_ratchet.DRHeader.$Properties|null|undefined} drHeader
         * @memberof double_ratchet.DirectMessage
         * @instance
         */
        DirectMessage.prototype.drHeader = null;

        /**
         * DirectMessage payload.
         * @member {Uint8Array} payload
         * @memberof double_ratchet.DirectMessage
         * @instance
         */
        DirectMessage.prototype.payload = $util.newBuffer([]);

        /**
         * DirectMessage dhHeader.
         * @member {double_ratchet.DHHeader.$Properties|null|undefined} dhHeader
         * @memberof double_ratchet.DirectMessage
         * @instance
         */
        DirectMessage.prototype.dhHeader = null;

        /**
         * Creates a new DirectMessage instance using the specified properties.
         * @function create
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {double_ratchet.DirectMessage.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.DirectMessage} DirectMessage instance
         * @type {{
         *   (properties: double_ratchet.DirectMessage.$Shape): double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape;
         *   (properties?: double_ratchet.DirectMessage.$Properties): double_ratchet.DirectMessage;
         * }}
         */
        DirectMessage.create = function(properties) {
            return new DirectMessage(properties);
        };

        /**
         * Encodes the specified DirectMessage message. Does not implicitly {@link double_ratchet.DirectMessage.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {double_ratchet.DirectMessage.$Properties} message DirectMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DirectMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.x3dhHeader != null && $Object.hasOwnProperty.call(message, "x3dhHeader"))
                $root.double_ratchet.X3DHHeader.encode(message.x3dhHeader, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.drHeader != null && $Object.hasOwnProperty.call(message, "drHeader"))
                $root.double_ratchet.DRHeader.encode(message.drHeader, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.payload);
            if (message.dhHeader != null && $Object.hasOwnProperty.call(message, "dhHeader"))
                $root.double_ratchet.DHHeader.encode(message.dhHeader, writer.uint32(/* id 101, wireType 2 =*/810).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified DirectMessage message, length delimited. Does not implicitly {@link double_ratchet.DirectMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {double_ratchet.DirectMessage.$Properties} message DirectMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DirectMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a DirectMessage message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape} DirectMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DirectMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.DirectMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.x3dhHeader = $root.double_ratchet.X3DHHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.x3dhHeader);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.drHeader = $root.double_ratchet.DRHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.drHeader);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.payload = value;
                        else
                            delete message.payload;
                        continue;
                    }
                case 101: {
                        if (wireType !== 2)
                            break;
                        message.dhHeader = $root.double_ratchet.DHHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.dhHeader);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a DirectMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.DirectMessage & double_ratchet.DirectMessage.$Shape} DirectMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DirectMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a DirectMessage message.
         * @function verify
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        DirectMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.x3dhHeader != null && $Object.hasOwnProperty.call(message, "x3dhHeader")) {
                let error = $root.double_ratchet.X3DHHeader.verify(message.x3dhHeader, _depth + 1);
                if (error)
                    return "x3dhHeader." + error;
            }
            if (message.drHeader != null && $Object.hasOwnProperty.call(message, "drHeader")) {
                let error = $root.double_ratchet.DRHeader.verify(message.drHeader, _depth + 1);
                if (error)
                    return "drHeader." + error;
            }
            if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                if (!(message.payload && typeof message.payload.length === "number" || $util.isString(message.payload)))
                    return "payload: buffer expected";
            if (message.dhHeader != null && $Object.hasOwnProperty.call(message, "dhHeader")) {
                let error = $root.double_ratchet.DHHeader.verify(message.dhHeader, _depth + 1);
                if (error)
                    return "dhHeader." + error;
            }
            return null;
        };

        /**
         * Creates a DirectMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.DirectMessage} DirectMessage
         */
        DirectMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.DirectMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.DirectMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.DirectMessage();
            if (object.x3dhHeader != null) {
                if (!$util.isObject(object.x3dhHeader))
                    throw $TypeError(".double_ratchet.DirectMessage.x3dhHeader: object expected");
                message.x3dhHeader = $root.double_ratchet.X3DHHeader.fromObject(object.x3dhHeader, _depth + 1);
            }
            if (object.drHeader != null) {
                if (!$util.isObject(object.drHeader))
                    throw $TypeError(".double_ratchet.DirectMessage.drHeader: object expected");
                message.drHeader = $root.double_ratchet.DRHeader.fromObject(object.drHeader, _depth + 1);
            }
            if (object.payload != null)
                if (object.payload.length)
                    if (typeof object.payload === "string")
                        $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                    else if (object.payload.length >= 0)
                        message.payload = object.payload;
            if (object.dhHeader != null) {
                if (!$util.isObject(object.dhHeader))
                    throw $TypeError(".double_ratchet.DirectMessage.dhHeader: object expected");
                message.dhHeader = $root.double_ratchet.DHHeader.fromObject(object.dhHeader, _depth + 1);
            }
            return message;
        };

        /**
         * Creates a plain object from a DirectMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {double_ratchet.DirectMessage} message DirectMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        DirectMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                object.x3dhHeader = null;
                object.drHeader = null;
                if (options.bytes === $String)
                    object.payload = "";
                else {
                    object.payload = [];
                    if (options.bytes !== $Array)
                        object.payload = $util.newBuffer(object.payload);
                }
                object.dhHeader = null;
            }
            if (message.x3dhHeader != null && $Object.hasOwnProperty.call(message, "x3dhHeader"))
                object.x3dhHeader = $root.double_ratchet.X3DHHeader.toObject(message.x3dhHeader, options, _depth + 1);
            if (message.drHeader != null && $Object.hasOwnProperty.call(message, "drHeader"))
                object.drHeader = $root.double_ratchet.DRHeader.toObject(message.drHeader, options, _depth + 1);
            if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
            if (message.dhHeader != null && $Object.hasOwnProperty.call(message, "dhHeader"))
                object.dhHeader = $root.double_ratchet.DHHeader.toObject(message.dhHeader, options, _depth + 1);
            return object;
        };

        /**
         * Converts this DirectMessage to JSON.
         * @function toJSON
         * @memberof double_ratchet.DirectMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        DirectMessage.prototype.toJSON = function() {
            return DirectMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for DirectMessage
         * @function getTypeUrl
         * @memberof double_ratchet.DirectMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        DirectMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.DirectMessage";
        };

        return DirectMessage;
    })();

    double_ratchet.ProtocolMessage = (function() {

        /**
         * Properties of a ProtocolMessage.
         * @typedef {Object} double_ratchet.ProtocolMessage.$Properties
         * @property {string|null} [installationId] ProtocolMessage installationId
         * @property {Array.<double_ratchet.Bundle.$Properties>|null} [bundles] ProtocolMessage bundles
         * @property {Object.<string,double_ratchet.DirectMessage.$Properties>|null} [directMessage] ProtocolMessage directMessage
         * @property {Uint8Array|null} [publicMessage] ProtocolMessage publicMessage
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ProtocolMessage.
         * @memberof double_ratchet
         * @interface IProtocolMessage
         * @augments double_ratchet.ProtocolMessage.$Properties
         * @deprecated Use double_ratchet.ProtocolMessage.$Properties instead.
         */

        /**
         * Shape of a ProtocolMessage.
         * @typedef {double_ratchet.ProtocolMessage.$Properties} double_ratchet.ProtocolMessage.$Shape
         */

        /**
         * Constructs a new ProtocolMessage.
         * @memberof double_ratchet
         * @classdesc Represents a ProtocolMessage.
         * @constructor
         * @param {double_ratchet.ProtocolMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ProtocolMessage = function (properties) {
            this.bundles = [];
            this.directMessage = {};
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ProtocolMessage installationId.
         * @member {string} installationId
         * @memberof double_ratchet.ProtocolMessage
         * @instance
         */
        ProtocolMessage.prototype.installationId = "";

        /**
         * ProtocolMessage bundles.
         * @member {Array.<double_ratchet.Bundle.$Properties>} bundles
         * @memberof double_ratchet.ProtocolMessage
         * @instance
         */
        ProtocolMessage.prototype.bundles = $util.emptyArray;

        /**
         * ProtocolMessage directMessage.
         * @member {Object.<string,double_ratchet.DirectMessage.$Properties>} directMessage
         * @memberof double_ratchet.ProtocolMessage
         * @instance
         */
        ProtocolMessage.prototype.directMessage = $util.emptyObject;

        /**
         * ProtocolMessage publicMessage.
         * @member {Uint8Array|null|undefined} publicMessage
         * @memberof double_ratchet.ProtocolMessage
         * @instance
         */
        ProtocolMessage.prototype.publicMessage = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ProtocolMessage.prototype, "_publicMessage", {
            get: $util.oneOfGetter($oneOfFields = ["publicMessage"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new ProtocolMessage instance using the specified properties.
         * @function create
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {double_ratchet.ProtocolMessage.$Properties=} [properties] Properties to set
         * @returns {double_ratchet.ProtocolMessage} ProtocolMessage instance
         * @type {{
         *   (properties: double_ratchet.ProtocolMessage.$Shape): double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape;
         *   (properties?: double_ratchet.ProtocolMessage.$Properties): double_ratchet.ProtocolMessage;
         * }}
         */
        ProtocolMessage.create = function(properties) {
            return new ProtocolMessage(properties);
        };

        /**
         * Encodes the specified ProtocolMessage message. Does not implicitly {@link double_ratchet.ProtocolMessage.verify|verify} messages.
         * @function encode
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {double_ratchet.ProtocolMessage.$Properties} message ProtocolMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ProtocolMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.installationId != null && $Object.hasOwnProperty.call(message, "installationId") && message.installationId !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.installationId);
            if (message.bundles != null && message.bundles.length)
                for (let i = 0; i < message.bundles.length; ++i)
                    $root.double_ratchet.Bundle.encode(message.bundles[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.directMessage != null && $Object.hasOwnProperty.call(message, "directMessage"))
                for (let keys = $Object.keys(message.directMessage), i = 0; i < keys.length; ++i) {
                    writer.uint32(/* id 101, wireType 2 =*/810).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]);
                    $root.double_ratchet.DirectMessage.encode(message.directMessage[keys[i]], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim().ldelim();
                }
            if (message.publicMessage != null && $Object.hasOwnProperty.call(message, "publicMessage"))
                writer.uint32(/* id 102, wireType 2 =*/818).bytes(message.publicMessage);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified ProtocolMessage message, length delimited. Does not implicitly {@link double_ratchet.ProtocolMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {double_ratchet.ProtocolMessage.$Properties} message ProtocolMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ProtocolMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a ProtocolMessage message from the specified reader or buffer.
         * @function decode
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape} ProtocolMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ProtocolMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, key, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.double_ratchet.ProtocolMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.installationId = value;
                        else
                            delete message.installationId;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.bundles && message.bundles.length))
                            message.bundles = [];
                        message.bundles.push($root.double_ratchet.Bundle.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 101: {
                        if (wireType !== 2)
                            break;
                        if (message.directMessage === $util.emptyObject)
                            message.directMessage = {};
                        let end2 = reader.size() + reader.pos;
                        if (end2 > reader.len)
                            throw $RangeError("index out of range");
                        reader.len = end2;
                        key = "";
                        value = null;
                        while (reader.pos < end2) {
                            let tag2 = reader.tag();
                            wireType = tag2 & 7;
                            switch (tag2 >>>= 3) {
                            case 1:
                                if (wireType !== 2)
                                    break;
                                key = reader.stringVerify();
                                continue;
                            case 2:
                                if (wireType !== 2)
                                    break;
                                value = $root.double_ratchet.DirectMessage.decode(reader, reader.size(), $undefined, _depth + 1, value);
                                continue;
                            }
                            reader.skipType(wireType, _depth, tag2);
                        }
                        if (reader.pos !== end2)
                            throw $RangeError("index out of range");
                        reader.len = end;
                        if (key === "__proto__")
                            $util.makeProp(message.directMessage, key);
                        message.directMessage[key] = value || new $root.double_ratchet.DirectMessage();
                        continue;
                    }
                case 102: {
                        if (wireType !== 2)
                            break;
                        message.publicMessage = reader.bytes();
                        message._publicMessage = "publicMessage";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a ProtocolMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {double_ratchet.ProtocolMessage & double_ratchet.ProtocolMessage.$Shape} ProtocolMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ProtocolMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a ProtocolMessage message.
         * @function verify
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        ProtocolMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            let properties = {};
            if (message.installationId != null && $Object.hasOwnProperty.call(message, "installationId"))
                if (!$util.isString(message.installationId))
                    return "installationId: string expected";
            if (message.bundles != null && $Object.hasOwnProperty.call(message, "bundles")) {
                if (!$Array.isArray(message.bundles))
                    return "bundles: array expected";
                for (let i = 0; i < message.bundles.length; ++i) {
                    let error = $root.double_ratchet.Bundle.verify(message.bundles[i], _depth + 1);
                    if (error)
                        return "bundles." + error;
                }
            }
            if (message.directMessage != null && $Object.hasOwnProperty.call(message, "directMessage")) {
                if (!$util.isObject(message.directMessage))
                    return "directMessage: object expected";
                let key = $Object.keys(message.directMessage);
                for (let i = 0; i < key.length; ++i) {
                    let error = $root.double_ratchet.DirectMessage.verify(message.directMessage[key[i]], _depth + 1);
                    if (error)
                        return "directMessage." + error;
                }
            }
            if (message.publicMessage != null && $Object.hasOwnProperty.call(message, "publicMessage")) {
                properties._publicMessage = 1;
                if (!(message.publicMessage && typeof message.publicMessage.length === "number" || $util.isString(message.publicMessage)))
                    return "publicMessage: buffer expected";
            }
            return null;
        };

        /**
         * Creates a ProtocolMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {double_ratchet.ProtocolMessage} ProtocolMessage
         */
        ProtocolMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.double_ratchet.ProtocolMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".double_ratchet.ProtocolMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.double_ratchet.ProtocolMessage();
            if (object.installationId != null)
                if (typeof object.installationId !== "string" || object.installationId.length)
                    message.installationId = $String(object.installationId);
            if (object.bundles) {
                if (!$Array.isArray(object.bundles))
                    throw $TypeError(".double_ratchet.ProtocolMessage.bundles: array expected");
                message.bundles = $Array(object.bundles.length);
                for (let i = 0; i < object.bundles.length; ++i) {
                    if (!$util.isObject(object.bundles[i]))
                        throw $TypeError(".double_ratchet.ProtocolMessage.bundles: object expected");
                    message.bundles[i] = $root.double_ratchet.Bundle.fromObject(object.bundles[i], _depth + 1);
                }
            }
            if (object.directMessage) {
                if (!$util.isObject(object.directMessage))
                    throw $TypeError(".double_ratchet.ProtocolMessage.directMessage: object expected");
                message.directMessage = {};
                for (let keys = $Object.keys(object.directMessage), i = 0; i < keys.length; ++i) {
                    if (keys[i] === "__proto__")
                        $util.makeProp(message.directMessage, keys[i]);
                    if (!$util.isObject(object.directMessage[keys[i]]))
                        throw $TypeError(".double_ratchet.ProtocolMessage.directMessage: object expected");
                    message.directMessage[keys[i]] = $root.double_ratchet.DirectMessage.fromObject(object.directMessage[keys[i]], _depth + 1);
                }
            }
            if (object.publicMessage != null)
                if (typeof object.publicMessage === "string")
                    $util.base64.decode(object.publicMessage, message.publicMessage = $util.newBuffer($util.base64.length(object.publicMessage)), 0);
                else if (object.publicMessage.length >= 0)
                    message.publicMessage = object.publicMessage;
            return message;
        };

        /**
         * Creates a plain object from a ProtocolMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {double_ratchet.ProtocolMessage} message ProtocolMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        ProtocolMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.arrays || options.defaults)
                object.bundles = [];
            if (options.objects || options.defaults)
                object.directMessage = {};
            if (options.defaults)
                object.installationId = "";
            if (message.installationId != null && $Object.hasOwnProperty.call(message, "installationId"))
                object.installationId = message.installationId;
            if (message.bundles && message.bundles.length) {
                object.bundles = $Array(message.bundles.length);
                for (let j = 0; j < message.bundles.length; ++j)
                    object.bundles[j] = $root.double_ratchet.Bundle.toObject(message.bundles[j], options, _depth + 1);
            }
            let keys2;
            if (message.directMessage && (keys2 = $Object.keys(message.directMessage)).length) {
                object.directMessage = {};
                for (let j = 0; j < keys2.length; ++j) {
                    if (keys2[j] === "__proto__")
                        $util.makeProp(object.directMessage, keys2[j]);
                    object.directMessage[keys2[j]] = $root.double_ratchet.DirectMessage.toObject(message.directMessage[keys2[j]], options, _depth + 1);
                }
            }
            if (message.publicMessage != null && $Object.hasOwnProperty.call(message, "publicMessage"))
                object.publicMessage = options.bytes === $String ? $util.base64.encode(message.publicMessage, 0, message.publicMessage.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.publicMessage) : message.publicMessage;
            return object;
        };

        /**
         * Converts this ProtocolMessage to JSON.
         * @function toJSON
         * @memberof double_ratchet.ProtocolMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        ProtocolMessage.prototype.toJSON = function() {
            return ProtocolMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for ProtocolMessage
         * @function getTypeUrl
         * @memberof double_ratchet.ProtocolMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ProtocolMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/double_ratchet.ProtocolMessage";
        };

        return ProtocolMessage;
    })();

    return double_ratchet;
})();

export {
  $root as default
};
