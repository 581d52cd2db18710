/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $Number = $util.global.Number, $String = $util.global.String, $Array = $util.global.Array, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt, $Boolean = $util.global.Boolean;

// Exported root namespace
const $root = $protobuf.roots["payload"] || ($protobuf.roots["payload"] = {});

export const status = $root.status = (() => {

    /**
     * Namespace status.
     * @exports status
     * @namespace
     */
    const status = {};

    status.payload = (function() {

        /**
         * Namespace payload.
         * @memberof status
         * @namespace
         */
        const payload = {};

        payload.ApplicationMetadataMessage = (function() {

            /**
             * Properties of an ApplicationMetadataMessage.
             * @typedef {Object} status.payload.ApplicationMetadataMessage.$Properties
             * @property {Uint8Array|null} [signature] ApplicationMetadataMessage signature
             * @property {Uint8Array|null} [payload] ApplicationMetadataMessage payload
             * @property {number|null} [type] ApplicationMetadataMessage type
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ApplicationMetadataMessage.
             * @memberof status.payload
             * @interface IApplicationMetadataMessage
             * @augments status.payload.ApplicationMetadataMessage.$Properties
             * @deprecated Use status.payload.ApplicationMetadataMessage.$Properties instead.
             */

            /**
             * Shape of an ApplicationMetadataMessage.
             * @typedef {status.payload.ApplicationMetadataMessage.$Properties} status.payload.ApplicationMetadataMessage.$Shape
             */

            /**
             * Constructs a new ApplicationMetadataMessage.
             * @memberof status.payload
             * @classdesc Represents an ApplicationMetadataMessage.
             * @constructor
             * @param {status.payload.ApplicationMetadataMessage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ApplicationMetadataMessage = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ApplicationMetadataMessage signature.
             * @member {Uint8Array|null|undefined} signature
             * @memberof status.payload.ApplicationMetadataMessage
             * @instance
             */
            ApplicationMetadataMessage.prototype.signature = null;

            /**
             * ApplicationMetadataMessage payload.
             * @member {Uint8Array} payload
             * @memberof status.payload.ApplicationMetadataMessage
             * @instance
             */
            ApplicationMetadataMessage.prototype.payload = $util.newBuffer([]);

            /**
             * ApplicationMetadataMessage type.
             * @member {number} type
             * @memberof status.payload.ApplicationMetadataMessage
             * @instance
             */
            ApplicationMetadataMessage.prototype.type = 0;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ApplicationMetadataMessage.prototype, "_signature", {
                get: $util.oneOfGetter($oneOfFields = ["signature"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new ApplicationMetadataMessage instance using the specified properties.
             * @function create
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {status.payload.ApplicationMetadataMessage.$Properties=} [properties] Properties to set
             * @returns {status.payload.ApplicationMetadataMessage} ApplicationMetadataMessage instance
             * @type {{
             *   (properties: status.payload.ApplicationMetadataMessage.$Shape): status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape;
             *   (properties?: status.payload.ApplicationMetadataMessage.$Properties): status.payload.ApplicationMetadataMessage;
             * }}
             */
            ApplicationMetadataMessage.create = function(properties) {
                return new ApplicationMetadataMessage(properties);
            };

            /**
             * Encodes the specified ApplicationMetadataMessage message. Does not implicitly {@link status.payload.ApplicationMetadataMessage.verify|verify} messages.
             * @function encode
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {status.payload.ApplicationMetadataMessage.$Properties} message ApplicationMetadataMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ApplicationMetadataMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signature);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.payload);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.type);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified ApplicationMetadataMessage message, length delimited. Does not implicitly {@link status.payload.ApplicationMetadataMessage.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {status.payload.ApplicationMetadataMessage.$Properties} message ApplicationMetadataMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ApplicationMetadataMessage.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes an ApplicationMetadataMessage message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape} ApplicationMetadataMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ApplicationMetadataMessage.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.ApplicationMetadataMessage();
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
                            message.signature = reader.bytes();
                            message._signature = "signature";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.type = value;
                            else
                                delete message.type;
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
             * Decodes an ApplicationMetadataMessage message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.ApplicationMetadataMessage & status.payload.ApplicationMetadataMessage.$Shape} ApplicationMetadataMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ApplicationMetadataMessage.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies an ApplicationMetadataMessage message.
             * @function verify
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            ApplicationMetadataMessage.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                let properties = {};
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature")) {
                    properties._signature = 1;
                    if (!(message.signature && typeof message.signature.length === "number" || $util.isString(message.signature)))
                        return "signature: buffer expected";
                }
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    if (!(message.payload && typeof message.payload.length === "number" || $util.isString(message.payload)))
                        return "payload: buffer expected";
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    if (!$util.isInteger(message.type))
                        return "type: integer expected";
                return null;
            };

            /**
             * Creates an ApplicationMetadataMessage message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.ApplicationMetadataMessage} ApplicationMetadataMessage
             */
            ApplicationMetadataMessage.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.ApplicationMetadataMessage)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.ApplicationMetadataMessage: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.ApplicationMetadataMessage();
                if (object.signature != null)
                    if (typeof object.signature === "string")
                        $util.base64.decode(object.signature, message.signature = $util.newBuffer($util.base64.length(object.signature)), 0);
                    else if (object.signature.length >= 0)
                        message.signature = object.signature;
                if (object.payload != null)
                    if (object.payload.length)
                        if (typeof object.payload === "string")
                            $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                        else if (object.payload.length >= 0)
                            message.payload = object.payload;
                if (object.type != null)
                    if ($Number(object.type) !== 0)
                        message.type = object.type | 0;
                return message;
            };

            /**
             * Creates a plain object from an ApplicationMetadataMessage message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {status.payload.ApplicationMetadataMessage} message ApplicationMetadataMessage
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            ApplicationMetadataMessage.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if (options.bytes === $String)
                        object.payload = "";
                    else {
                        object.payload = [];
                        if (options.bytes !== $Array)
                            object.payload = $util.newBuffer(object.payload);
                    }
                    object.type = 0;
                }
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                    object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    object.type = message.type;
                return object;
            };

            /**
             * Converts this ApplicationMetadataMessage to JSON.
             * @function toJSON
             * @memberof status.payload.ApplicationMetadataMessage
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            ApplicationMetadataMessage.prototype.toJSON = function() {
                return ApplicationMetadataMessage.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for ApplicationMetadataMessage
             * @function getTypeUrl
             * @memberof status.payload.ApplicationMetadataMessage
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ApplicationMetadataMessage.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.ApplicationMetadataMessage";
            };

            return ApplicationMetadataMessage;
        })();

        payload.ChatMessage = (function() {

            /**
             * Properties of a ChatMessage.
             * @typedef {Object} status.payload.ChatMessage.$Properties
             * @property {number|Long|null} [clock] ChatMessage clock
             * @property {number|Long|null} [timestamp] ChatMessage timestamp
             * @property {string|null} [text] ChatMessage text
             * @property {string|null} [responseTo] ChatMessage responseTo
             * @property {string|null} [ensName] ChatMessage ensName
             * @property {string|null} [chatId] ChatMessage chatId
             * @property {number|null} [messageType] ChatMessage messageType
             * @property {number|null} [contentType] ChatMessage contentType
             * @property {status.payload.Sticker.$Properties|null} [sticker] ChatMessage sticker
             * @property {status.payload.Image.$Properties|null} [image] ChatMessage image
             * @property {Uint8Array|null} [view] ChatMessage view
             * @property {"sticker"|"image"} [content] ChatMessage content
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ChatMessage.
             * @memberof status.payload
             * @interface IChatMessage
             * @augments status.payload.ChatMessage.$Properties
             * @deprecated Use status.payload.ChatMessage.$Properties instead.
             */

            /**
             * Narrowed shape of a ChatMessage.
             * @typedef {{
             *   clock?: number|Long|null;
             *   timestamp?: number|Long|null;
             *   text?: string|null;
             *   responseTo?: string|null;
             *   ensName?: string|null;
             *   chatId?: string|null;
             *   messageType?: number|null;
             *   contentType?: number|null;
             *   sticker?: status.payload.Sticker.$Shape|null;
             *   image?: status.payload.Image.$Shape|null;
             *   view?: Uint8Array|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ content?: undefined; sticker?: null; image?: null }|{ content?: "sticker"; sticker: status.payload.Sticker.$Shape; image?: null }|{ content?: "image"; sticker?: null; image: status.payload.Image.$Shape })
             * )} status.payload.ChatMessage.$Shape
             */

            /**
             * Constructs a new ChatMessage.
             * @memberof status.payload
             * @classdesc Represents a ChatMessage.
             * @constructor
             * @param {status.payload.ChatMessage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ChatMessage = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ChatMessage clock.
             * @member {number|Long} clock
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ChatMessage timestamp.
             * @member {number|Long} timestamp
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ChatMessage text.
             * @member {string} text
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.text = "";

            /**
             * ChatMessage responseTo.
             * @member {string} responseTo
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.responseTo = "";

            /**
             * ChatMessage ensName.
             * @member {string} ensName
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.ensName = "";

            /**
             * ChatMessage chatId.
             * @member {string} chatId
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.chatId = "";

            /**
             * ChatMessage messageType.
             * @member {number} messageType
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.messageType = 0;

            /**
             * ChatMessage contentType.
             * @member {number} contentType
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.contentType = 0;

            /**
             * ChatMessage sticker.
             * @member {status.payload.Sticker.$Properties|null|undefined} sticker
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.sticker = null;

            /**
             * ChatMessage image.
             * @member {status.payload.Image.$Properties|null|undefined} image
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.image = null;

            /**
             * ChatMessage view.
             * @member {Uint8Array} view
             * @memberof status.payload.ChatMessage
             * @instance
             */
            ChatMessage.prototype.view = $util.newBuffer([]);

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * ChatMessage content.
             * @member {"sticker"|"image"|undefined} content
             * @memberof status.payload.ChatMessage
             * @instance
             */
            $Object.defineProperty(ChatMessage.prototype, "content", {
                get: $util.oneOfGetter($oneOfFields = ["sticker", "image"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new ChatMessage instance using the specified properties.
             * @function create
             * @memberof status.payload.ChatMessage
             * @static
             * @param {status.payload.ChatMessage.$Properties=} [properties] Properties to set
             * @returns {status.payload.ChatMessage} ChatMessage instance
             * @type {{
             *   (properties: status.payload.ChatMessage.$Shape): status.payload.ChatMessage & status.payload.ChatMessage.$Shape;
             *   (properties?: status.payload.ChatMessage.$Properties): status.payload.ChatMessage;
             * }}
             */
            ChatMessage.create = function(properties) {
                return new ChatMessage(properties);
            };

            /**
             * Encodes the specified ChatMessage message. Does not implicitly {@link status.payload.ChatMessage.verify|verify} messages.
             * @function encode
             * @memberof status.payload.ChatMessage
             * @static
             * @param {status.payload.ChatMessage.$Properties} message ChatMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ChatMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.timestamp);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text") && message.text !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.text);
                if (message.responseTo != null && $Object.hasOwnProperty.call(message, "responseTo") && message.responseTo !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.responseTo);
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName") && message.ensName !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.ensName);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.chatId);
                if (message.messageType != null && $Object.hasOwnProperty.call(message, "messageType") && message.messageType !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).int32(message.messageType);
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType") && message.contentType !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).int32(message.contentType);
                if (message.sticker != null && $Object.hasOwnProperty.call(message, "sticker"))
                    $root.status.payload.Sticker.encode(message.sticker, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.image != null && $Object.hasOwnProperty.call(message, "image"))
                    $root.status.payload.Image.encode(message.image, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.view != null && $Object.hasOwnProperty.call(message, "view") && message.view.length)
                    writer.uint32(/* id 1001, wireType 2 =*/8010).bytes(message.view);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified ChatMessage message, length delimited. Does not implicitly {@link status.payload.ChatMessage.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.ChatMessage
             * @static
             * @param {status.payload.ChatMessage.$Properties} message ChatMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ChatMessage.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a ChatMessage message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.ChatMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.ChatMessage & status.payload.ChatMessage.$Shape} ChatMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ChatMessage.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.ChatMessage();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.timestamp = value;
                            else
                                delete message.timestamp;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.text = value;
                            else
                                delete message.text;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.responseTo = value;
                            else
                                delete message.responseTo;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ensName = value;
                            else
                                delete message.ensName;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.messageType = value;
                            else
                                delete message.messageType;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.contentType = value;
                            else
                                delete message.contentType;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.sticker = $root.status.payload.Sticker.decode(reader, reader.size(), $undefined, _depth + 1, message.sticker);
                            message.content = "sticker";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.image = $root.status.payload.Image.decode(reader, reader.size(), $undefined, _depth + 1, message.image);
                            message.content = "image";
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.view = value;
                            else
                                delete message.view;
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
             * Decodes a ChatMessage message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.ChatMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.ChatMessage & status.payload.ChatMessage.$Shape} ChatMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ChatMessage.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a ChatMessage message.
             * @function verify
             * @memberof status.payload.ChatMessage
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            ChatMessage.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                let properties = {};
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                    if (!$util.isInteger(message.timestamp) && !(message.timestamp && $util.isInteger(message.timestamp.low) && $util.isInteger(message.timestamp.high)))
                        return "timestamp: integer|Long expected";
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    if (!$util.isString(message.text))
                        return "text: string expected";
                if (message.responseTo != null && $Object.hasOwnProperty.call(message, "responseTo"))
                    if (!$util.isString(message.responseTo))
                        return "responseTo: string expected";
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName"))
                    if (!$util.isString(message.ensName))
                        return "ensName: string expected";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                if (message.messageType != null && $Object.hasOwnProperty.call(message, "messageType"))
                    if (!$util.isInteger(message.messageType))
                        return "messageType: integer expected";
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType"))
                    if (!$util.isInteger(message.contentType))
                        return "contentType: integer expected";
                if (message.sticker != null && $Object.hasOwnProperty.call(message, "sticker")) {
                    properties.content = 1;
                    {
                        let error = $root.status.payload.Sticker.verify(message.sticker, _depth + 1);
                        if (error)
                            return "sticker." + error;
                    }
                }
                if (message.image != null && $Object.hasOwnProperty.call(message, "image")) {
                    if (properties.content === 1)
                        return "content: multiple values";
                    properties.content = 1;
                    {
                        let error = $root.status.payload.Image.verify(message.image, _depth + 1);
                        if (error)
                            return "image." + error;
                    }
                }
                if (message.view != null && $Object.hasOwnProperty.call(message, "view"))
                    if (!(message.view && typeof message.view.length === "number" || $util.isString(message.view)))
                        return "view: buffer expected";
                return null;
            };

            /**
             * Creates a ChatMessage message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.ChatMessage
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.ChatMessage} ChatMessage
             */
            ChatMessage.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.ChatMessage)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.ChatMessage: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.ChatMessage();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.timestamp != null)
                    if (typeof object.timestamp === "object" ? object.timestamp.low || object.timestamp.high : $Number(object.timestamp) !== 0)
                        if ($util.Long)
                            message.timestamp = $util.Long.fromValue(object.timestamp, true);
                        else if (typeof object.timestamp === "string")
                            message.timestamp = $parseInt(object.timestamp, 10);
                        else if (typeof object.timestamp === "number")
                            message.timestamp = object.timestamp;
                        else if (typeof object.timestamp === "object")
                            message.timestamp = new $util.LongBits(object.timestamp.low >>> 0, object.timestamp.high >>> 0).toNumber(true);
                if (object.text != null)
                    if (typeof object.text !== "string" || object.text.length)
                        message.text = $String(object.text);
                if (object.responseTo != null)
                    if (typeof object.responseTo !== "string" || object.responseTo.length)
                        message.responseTo = $String(object.responseTo);
                if (object.ensName != null)
                    if (typeof object.ensName !== "string" || object.ensName.length)
                        message.ensName = $String(object.ensName);
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                if (object.messageType != null)
                    if ($Number(object.messageType) !== 0)
                        message.messageType = object.messageType | 0;
                if (object.contentType != null)
                    if ($Number(object.contentType) !== 0)
                        message.contentType = object.contentType | 0;
                if (object.sticker != null) {
                    if (!$util.isObject(object.sticker))
                        throw $TypeError(".status.payload.ChatMessage.sticker: object expected");
                    message.sticker = $root.status.payload.Sticker.fromObject(object.sticker, _depth + 1);
                }
                if (object.image != null) {
                    if (!$util.isObject(object.image))
                        throw $TypeError(".status.payload.ChatMessage.image: object expected");
                    message.image = $root.status.payload.Image.fromObject(object.image, _depth + 1);
                }
                if (object.view != null)
                    if (object.view.length)
                        if (typeof object.view === "string")
                            $util.base64.decode(object.view, message.view = $util.newBuffer($util.base64.length(object.view)), 0);
                        else if (object.view.length >= 0)
                            message.view = object.view;
                return message;
            };

            /**
             * Creates a plain object from a ChatMessage message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.ChatMessage
             * @static
             * @param {status.payload.ChatMessage} message ChatMessage
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            ChatMessage.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.timestamp = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.timestamp = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.text = "";
                    object.responseTo = "";
                    object.ensName = "";
                    object.chatId = "";
                    object.messageType = 0;
                    object.contentType = 0;
                    if (options.bytes === $String)
                        object.view = "";
                    else {
                        object.view = [];
                        if (options.bytes !== $Array)
                            object.view = $util.newBuffer(object.view);
                    }
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.timestamp = typeof message.timestamp === "number" ? $BigInt(message.timestamp) : $util.Long.fromBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0, true).toBigInt();
                    else if (typeof message.timestamp === "number")
                        object.timestamp = options.longs === $String ? $String(message.timestamp) : message.timestamp;
                    else
                        object.timestamp = options.longs === $String ? $util.Long.prototype.toString.call(message.timestamp) : options.longs === $Number ? new $util.LongBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0).toNumber(true) : message.timestamp;
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    object.text = message.text;
                if (message.responseTo != null && $Object.hasOwnProperty.call(message, "responseTo"))
                    object.responseTo = message.responseTo;
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName"))
                    object.ensName = message.ensName;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                if (message.messageType != null && $Object.hasOwnProperty.call(message, "messageType"))
                    object.messageType = message.messageType;
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType"))
                    object.contentType = message.contentType;
                if (message.sticker != null && $Object.hasOwnProperty.call(message, "sticker")) {
                    object.sticker = $root.status.payload.Sticker.toObject(message.sticker, options, _depth + 1);
                    if (options.oneofs)
                        object.content = "sticker";
                }
                if (message.image != null && $Object.hasOwnProperty.call(message, "image")) {
                    object.image = $root.status.payload.Image.toObject(message.image, options, _depth + 1);
                    if (options.oneofs)
                        object.content = "image";
                }
                if (message.view != null && $Object.hasOwnProperty.call(message, "view"))
                    object.view = options.bytes === $String ? $util.base64.encode(message.view, 0, message.view.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.view) : message.view;
                return object;
            };

            /**
             * Converts this ChatMessage to JSON.
             * @function toJSON
             * @memberof status.payload.ChatMessage
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            ChatMessage.prototype.toJSON = function() {
                return ChatMessage.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for ChatMessage
             * @function getTypeUrl
             * @memberof status.payload.ChatMessage
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ChatMessage.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.ChatMessage";
            };

            return ChatMessage;
        })();

        payload.Sticker = (function() {

            /**
             * Properties of a Sticker.
             * @typedef {Object} status.payload.Sticker.$Properties
             * @property {string|null} [hash] Sticker hash
             * @property {number|null} [pack] Sticker pack
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Sticker.
             * @memberof status.payload
             * @interface ISticker
             * @augments status.payload.Sticker.$Properties
             * @deprecated Use status.payload.Sticker.$Properties instead.
             */

            /**
             * Shape of a Sticker.
             * @typedef {status.payload.Sticker.$Properties} status.payload.Sticker.$Shape
             */

            /**
             * Constructs a new Sticker.
             * @memberof status.payload
             * @classdesc Represents a Sticker.
             * @constructor
             * @param {status.payload.Sticker.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Sticker = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Sticker hash.
             * @member {string} hash
             * @memberof status.payload.Sticker
             * @instance
             */
            Sticker.prototype.hash = "";

            /**
             * Sticker pack.
             * @member {number} pack
             * @memberof status.payload.Sticker
             * @instance
             */
            Sticker.prototype.pack = 0;

            /**
             * Creates a new Sticker instance using the specified properties.
             * @function create
             * @memberof status.payload.Sticker
             * @static
             * @param {status.payload.Sticker.$Properties=} [properties] Properties to set
             * @returns {status.payload.Sticker} Sticker instance
             * @type {{
             *   (properties: status.payload.Sticker.$Shape): status.payload.Sticker & status.payload.Sticker.$Shape;
             *   (properties?: status.payload.Sticker.$Properties): status.payload.Sticker;
             * }}
             */
            Sticker.create = function(properties) {
                return new Sticker(properties);
            };

            /**
             * Encodes the specified Sticker message. Does not implicitly {@link status.payload.Sticker.verify|verify} messages.
             * @function encode
             * @memberof status.payload.Sticker
             * @static
             * @param {status.payload.Sticker.$Properties} message Sticker message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Sticker.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.hash);
                if (message.pack != null && $Object.hasOwnProperty.call(message, "pack") && message.pack !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.pack);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified Sticker message, length delimited. Does not implicitly {@link status.payload.Sticker.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.Sticker
             * @static
             * @param {status.payload.Sticker.$Properties} message Sticker message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Sticker.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a Sticker message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.Sticker
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.Sticker & status.payload.Sticker.$Shape} Sticker
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Sticker.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.Sticker();
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
                            if ((value = reader.stringVerify()).length)
                                message.hash = value;
                            else
                                delete message.hash;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.pack = value;
                            else
                                delete message.pack;
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
             * Decodes a Sticker message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.Sticker
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.Sticker & status.payload.Sticker.$Shape} Sticker
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Sticker.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a Sticker message.
             * @function verify
             * @memberof status.payload.Sticker
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            Sticker.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash"))
                    if (!$util.isString(message.hash))
                        return "hash: string expected";
                if (message.pack != null && $Object.hasOwnProperty.call(message, "pack"))
                    if (!$util.isInteger(message.pack))
                        return "pack: integer expected";
                return null;
            };

            /**
             * Creates a Sticker message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.Sticker
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.Sticker} Sticker
             */
            Sticker.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.Sticker)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.Sticker: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.Sticker();
                if (object.hash != null)
                    if (typeof object.hash !== "string" || object.hash.length)
                        message.hash = $String(object.hash);
                if (object.pack != null)
                    if ($Number(object.pack) !== 0)
                        message.pack = object.pack | 0;
                return message;
            };

            /**
             * Creates a plain object from a Sticker message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.Sticker
             * @static
             * @param {status.payload.Sticker} message Sticker
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Sticker.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.hash = "";
                    object.pack = 0;
                }
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash"))
                    object.hash = message.hash;
                if (message.pack != null && $Object.hasOwnProperty.call(message, "pack"))
                    object.pack = message.pack;
                return object;
            };

            /**
             * Converts this Sticker to JSON.
             * @function toJSON
             * @memberof status.payload.Sticker
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Sticker.prototype.toJSON = function() {
                return Sticker.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for Sticker
             * @function getTypeUrl
             * @memberof status.payload.Sticker
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Sticker.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.Sticker";
            };

            return Sticker;
        })();

        payload.Image = (function() {

            /**
             * Properties of an Image.
             * @typedef {Object} status.payload.Image.$Properties
             * @property {Uint8Array|null} [payload] Image payload
             * @property {number|null} [format] Image format
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Image.
             * @memberof status.payload
             * @interface IImage
             * @augments status.payload.Image.$Properties
             * @deprecated Use status.payload.Image.$Properties instead.
             */

            /**
             * Shape of an Image.
             * @typedef {status.payload.Image.$Properties} status.payload.Image.$Shape
             */

            /**
             * Constructs a new Image.
             * @memberof status.payload
             * @classdesc Represents an Image.
             * @constructor
             * @param {status.payload.Image.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Image = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Image payload.
             * @member {Uint8Array} payload
             * @memberof status.payload.Image
             * @instance
             */
            Image.prototype.payload = $util.newBuffer([]);

            /**
             * Image format.
             * @member {number} format
             * @memberof status.payload.Image
             * @instance
             */
            Image.prototype.format = 0;

            /**
             * Creates a new Image instance using the specified properties.
             * @function create
             * @memberof status.payload.Image
             * @static
             * @param {status.payload.Image.$Properties=} [properties] Properties to set
             * @returns {status.payload.Image} Image instance
             * @type {{
             *   (properties: status.payload.Image.$Shape): status.payload.Image & status.payload.Image.$Shape;
             *   (properties?: status.payload.Image.$Properties): status.payload.Image;
             * }}
             */
            Image.create = function(properties) {
                return new Image(properties);
            };

            /**
             * Encodes the specified Image message. Does not implicitly {@link status.payload.Image.verify|verify} messages.
             * @function encode
             * @memberof status.payload.Image
             * @static
             * @param {status.payload.Image.$Properties} message Image message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Image.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.payload);
                if (message.format != null && $Object.hasOwnProperty.call(message, "format") && message.format !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.format);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified Image message, length delimited. Does not implicitly {@link status.payload.Image.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.Image
             * @static
             * @param {status.payload.Image.$Properties} message Image message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Image.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes an Image message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.Image
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.Image & status.payload.Image.$Shape} Image
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Image.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.Image();
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
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.format = value;
                            else
                                delete message.format;
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
             * Decodes an Image message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.Image
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.Image & status.payload.Image.$Shape} Image
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Image.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies an Image message.
             * @function verify
             * @memberof status.payload.Image
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            Image.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    if (!(message.payload && typeof message.payload.length === "number" || $util.isString(message.payload)))
                        return "payload: buffer expected";
                if (message.format != null && $Object.hasOwnProperty.call(message, "format"))
                    if (!$util.isInteger(message.format))
                        return "format: integer expected";
                return null;
            };

            /**
             * Creates an Image message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.Image
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.Image} Image
             */
            Image.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.Image)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.Image: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.Image();
                if (object.payload != null)
                    if (object.payload.length)
                        if (typeof object.payload === "string")
                            $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                        else if (object.payload.length >= 0)
                            message.payload = object.payload;
                if (object.format != null)
                    if ($Number(object.format) !== 0)
                        message.format = object.format | 0;
                return message;
            };

            /**
             * Creates a plain object from an Image message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.Image
             * @static
             * @param {status.payload.Image} message Image
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Image.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if (options.bytes === $String)
                        object.payload = "";
                    else {
                        object.payload = [];
                        if (options.bytes !== $Array)
                            object.payload = $util.newBuffer(object.payload);
                    }
                    object.format = 0;
                }
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                if (message.format != null && $Object.hasOwnProperty.call(message, "format"))
                    object.format = message.format;
                return object;
            };

            /**
             * Converts this Image to JSON.
             * @function toJSON
             * @memberof status.payload.Image
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Image.prototype.toJSON = function() {
                return Image.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for Image
             * @function getTypeUrl
             * @memberof status.payload.Image
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Image.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.Image";
            };

            return Image;
        })();

        payload.ContactUpdate = (function() {

            /**
             * Properties of a ContactUpdate.
             * @typedef {Object} status.payload.ContactUpdate.$Properties
             * @property {number|Long|null} [clock] ContactUpdate clock
             * @property {string|null} [ensName] ContactUpdate ensName
             * @property {string|null} [profileImage] ContactUpdate profileImage
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ContactUpdate.
             * @memberof status.payload
             * @interface IContactUpdate
             * @augments status.payload.ContactUpdate.$Properties
             * @deprecated Use status.payload.ContactUpdate.$Properties instead.
             */

            /**
             * Shape of a ContactUpdate.
             * @typedef {status.payload.ContactUpdate.$Properties} status.payload.ContactUpdate.$Shape
             */

            /**
             * Constructs a new ContactUpdate.
             * @memberof status.payload
             * @classdesc Represents a ContactUpdate.
             * @constructor
             * @param {status.payload.ContactUpdate.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ContactUpdate = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ContactUpdate clock.
             * @member {number|Long} clock
             * @memberof status.payload.ContactUpdate
             * @instance
             */
            ContactUpdate.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ContactUpdate ensName.
             * @member {string} ensName
             * @memberof status.payload.ContactUpdate
             * @instance
             */
            ContactUpdate.prototype.ensName = "";

            /**
             * ContactUpdate profileImage.
             * @member {string} profileImage
             * @memberof status.payload.ContactUpdate
             * @instance
             */
            ContactUpdate.prototype.profileImage = "";

            /**
             * Creates a new ContactUpdate instance using the specified properties.
             * @function create
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {status.payload.ContactUpdate.$Properties=} [properties] Properties to set
             * @returns {status.payload.ContactUpdate} ContactUpdate instance
             * @type {{
             *   (properties: status.payload.ContactUpdate.$Shape): status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape;
             *   (properties?: status.payload.ContactUpdate.$Properties): status.payload.ContactUpdate;
             * }}
             */
            ContactUpdate.create = function(properties) {
                return new ContactUpdate(properties);
            };

            /**
             * Encodes the specified ContactUpdate message. Does not implicitly {@link status.payload.ContactUpdate.verify|verify} messages.
             * @function encode
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {status.payload.ContactUpdate.$Properties} message ContactUpdate message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ContactUpdate.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName") && message.ensName !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.ensName);
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage") && message.profileImage !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.profileImage);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified ContactUpdate message, length delimited. Does not implicitly {@link status.payload.ContactUpdate.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {status.payload.ContactUpdate.$Properties} message ContactUpdate message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ContactUpdate.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a ContactUpdate message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape} ContactUpdate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ContactUpdate.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.ContactUpdate();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ensName = value;
                            else
                                delete message.ensName;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.profileImage = value;
                            else
                                delete message.profileImage;
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
             * Decodes a ContactUpdate message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.ContactUpdate & status.payload.ContactUpdate.$Shape} ContactUpdate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ContactUpdate.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a ContactUpdate message.
             * @function verify
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            ContactUpdate.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName"))
                    if (!$util.isString(message.ensName))
                        return "ensName: string expected";
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage"))
                    if (!$util.isString(message.profileImage))
                        return "profileImage: string expected";
                return null;
            };

            /**
             * Creates a ContactUpdate message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.ContactUpdate} ContactUpdate
             */
            ContactUpdate.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.ContactUpdate)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.ContactUpdate: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.ContactUpdate();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.ensName != null)
                    if (typeof object.ensName !== "string" || object.ensName.length)
                        message.ensName = $String(object.ensName);
                if (object.profileImage != null)
                    if (typeof object.profileImage !== "string" || object.profileImage.length)
                        message.profileImage = $String(object.profileImage);
                return message;
            };

            /**
             * Creates a plain object from a ContactUpdate message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {status.payload.ContactUpdate} message ContactUpdate
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            ContactUpdate.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.ensName = "";
                    object.profileImage = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName"))
                    object.ensName = message.ensName;
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage"))
                    object.profileImage = message.profileImage;
                return object;
            };

            /**
             * Converts this ContactUpdate to JSON.
             * @function toJSON
             * @memberof status.payload.ContactUpdate
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            ContactUpdate.prototype.toJSON = function() {
                return ContactUpdate.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for ContactUpdate
             * @function getTypeUrl
             * @memberof status.payload.ContactUpdate
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            ContactUpdate.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.ContactUpdate";
            };

            return ContactUpdate;
        })();

        payload.MembershipUpdateMessage = (function() {

            /**
             * Properties of a MembershipUpdateMessage.
             * @typedef {Object} status.payload.MembershipUpdateMessage.$Properties
             * @property {string|null} [chatId] MembershipUpdateMessage chatId
             * @property {Array.<Uint8Array>|null} [events] MembershipUpdateMessage events
             * @property {status.payload.ChatMessage.$Properties|null} [message] MembershipUpdateMessage message
             * @property {Uint8Array|null} [view] MembershipUpdateMessage view
             * @property {boolean|null} [asksView] MembershipUpdateMessage asksView
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a MembershipUpdateMessage.
             * @memberof status.payload
             * @interface IMembershipUpdateMessage
             * @augments status.payload.MembershipUpdateMessage.$Properties
             * @deprecated Use status.payload.MembershipUpdateMessage.$Properties instead.
             */

            /**
             * Shape of a MembershipUpdateMessage.
             * @typedef {{
             *   chatId?: string|null;
             *   events?: Array.<Uint8Array>|null;
             *   message?: status.payload.ChatMessage.$Shape|null;
             *   view?: Uint8Array|null;
             *   asksView?: boolean|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} status.payload.MembershipUpdateMessage.$Shape
             */

            /**
             * Constructs a new MembershipUpdateMessage.
             * @memberof status.payload
             * @classdesc Represents a MembershipUpdateMessage.
             * @constructor
             * @param {status.payload.MembershipUpdateMessage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const MembershipUpdateMessage = function (properties) {
                this.events = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * MembershipUpdateMessage chatId.
             * @member {string} chatId
             * @memberof status.payload.MembershipUpdateMessage
             * @instance
             */
            MembershipUpdateMessage.prototype.chatId = "";

            /**
             * MembershipUpdateMessage events.
             * @member {Array.<Uint8Array>} events
             * @memberof status.payload.MembershipUpdateMessage
             * @instance
             */
            MembershipUpdateMessage.prototype.events = $util.emptyArray;

            /**
             * MembershipUpdateMessage message.
             * @member {status.payload.ChatMessage.$Properties|null|undefined} message
             * @memberof status.payload.MembershipUpdateMessage
             * @instance
             */
            MembershipUpdateMessage.prototype.message = null;

            /**
             * MembershipUpdateMessage view.
             * @member {Uint8Array} view
             * @memberof status.payload.MembershipUpdateMessage
             * @instance
             */
            MembershipUpdateMessage.prototype.view = $util.newBuffer([]);

            /**
             * MembershipUpdateMessage asksView.
             * @member {boolean} asksView
             * @memberof status.payload.MembershipUpdateMessage
             * @instance
             */
            MembershipUpdateMessage.prototype.asksView = false;

            /**
             * Creates a new MembershipUpdateMessage instance using the specified properties.
             * @function create
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {status.payload.MembershipUpdateMessage.$Properties=} [properties] Properties to set
             * @returns {status.payload.MembershipUpdateMessage} MembershipUpdateMessage instance
             * @type {{
             *   (properties: status.payload.MembershipUpdateMessage.$Shape): status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape;
             *   (properties?: status.payload.MembershipUpdateMessage.$Properties): status.payload.MembershipUpdateMessage;
             * }}
             */
            MembershipUpdateMessage.create = function(properties) {
                return new MembershipUpdateMessage(properties);
            };

            /**
             * Encodes the specified MembershipUpdateMessage message. Does not implicitly {@link status.payload.MembershipUpdateMessage.verify|verify} messages.
             * @function encode
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {status.payload.MembershipUpdateMessage.$Properties} message MembershipUpdateMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MembershipUpdateMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.chatId);
                if (message.events != null && message.events.length)
                    for (let i = 0; i < message.events.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.events[i]);
                if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                    $root.status.payload.ChatMessage.encode(message.message, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.view != null && $Object.hasOwnProperty.call(message, "view") && message.view.length)
                    writer.uint32(/* id 1001, wireType 2 =*/8010).bytes(message.view);
                if (message.asksView != null && $Object.hasOwnProperty.call(message, "asksView") && message.asksView !== false)
                    writer.uint32(/* id 1002, wireType 0 =*/8016).bool(message.asksView);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified MembershipUpdateMessage message, length delimited. Does not implicitly {@link status.payload.MembershipUpdateMessage.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {status.payload.MembershipUpdateMessage.$Properties} message MembershipUpdateMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MembershipUpdateMessage.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a MembershipUpdateMessage message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape} MembershipUpdateMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MembershipUpdateMessage.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.MembershipUpdateMessage();
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
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.events && message.events.length))
                                message.events = [];
                            message.events.push(reader.bytes());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.message = $root.status.payload.ChatMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.message);
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.view = value;
                            else
                                delete message.view;
                            continue;
                        }
                    case 1002: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.asksView = value;
                            else
                                delete message.asksView;
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
             * Decodes a MembershipUpdateMessage message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.MembershipUpdateMessage & status.payload.MembershipUpdateMessage.$Shape} MembershipUpdateMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MembershipUpdateMessage.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a MembershipUpdateMessage message.
             * @function verify
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            MembershipUpdateMessage.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                if (message.events != null && $Object.hasOwnProperty.call(message, "events")) {
                    if (!$Array.isArray(message.events))
                        return "events: array expected";
                    for (let i = 0; i < message.events.length; ++i)
                        if (!(message.events[i] && typeof message.events[i].length === "number" || $util.isString(message.events[i])))
                            return "events: buffer[] expected";
                }
                if (message.message != null && $Object.hasOwnProperty.call(message, "message")) {
                    let error = $root.status.payload.ChatMessage.verify(message.message, _depth + 1);
                    if (error)
                        return "message." + error;
                }
                if (message.view != null && $Object.hasOwnProperty.call(message, "view"))
                    if (!(message.view && typeof message.view.length === "number" || $util.isString(message.view)))
                        return "view: buffer expected";
                if (message.asksView != null && $Object.hasOwnProperty.call(message, "asksView"))
                    if (typeof message.asksView !== "boolean")
                        return "asksView: boolean expected";
                return null;
            };

            /**
             * Creates a MembershipUpdateMessage message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.MembershipUpdateMessage} MembershipUpdateMessage
             */
            MembershipUpdateMessage.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.MembershipUpdateMessage)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.MembershipUpdateMessage: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.MembershipUpdateMessage();
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                if (object.events) {
                    if (!$Array.isArray(object.events))
                        throw $TypeError(".status.payload.MembershipUpdateMessage.events: array expected");
                    message.events = $Array(object.events.length);
                    for (let i = 0; i < object.events.length; ++i)
                        if (typeof object.events[i] === "string")
                            $util.base64.decode(object.events[i], message.events[i] = $util.newBuffer($util.base64.length(object.events[i])), 0);
                        else if (object.events[i].length >= 0)
                            message.events[i] = object.events[i];
                }
                if (object.message != null) {
                    if (!$util.isObject(object.message))
                        throw $TypeError(".status.payload.MembershipUpdateMessage.message: object expected");
                    message.message = $root.status.payload.ChatMessage.fromObject(object.message, _depth + 1);
                }
                if (object.view != null)
                    if (object.view.length)
                        if (typeof object.view === "string")
                            $util.base64.decode(object.view, message.view = $util.newBuffer($util.base64.length(object.view)), 0);
                        else if (object.view.length >= 0)
                            message.view = object.view;
                if (object.asksView != null)
                    if (object.asksView)
                        message.asksView = $Boolean(object.asksView);
                return message;
            };

            /**
             * Creates a plain object from a MembershipUpdateMessage message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {status.payload.MembershipUpdateMessage} message MembershipUpdateMessage
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            MembershipUpdateMessage.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.events = [];
                if (options.defaults) {
                    object.chatId = "";
                    object.message = null;
                    if (options.bytes === $String)
                        object.view = "";
                    else {
                        object.view = [];
                        if (options.bytes !== $Array)
                            object.view = $util.newBuffer(object.view);
                    }
                    object.asksView = false;
                }
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                if (message.events && message.events.length) {
                    object.events = $Array(message.events.length);
                    for (let j = 0; j < message.events.length; ++j)
                        object.events[j] = options.bytes === $String ? $util.base64.encode(message.events[j], 0, message.events[j].length) : options.bytes === $Array ? $Array.prototype.slice.call(message.events[j]) : message.events[j];
                }
                if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                    object.message = $root.status.payload.ChatMessage.toObject(message.message, options, _depth + 1);
                if (message.view != null && $Object.hasOwnProperty.call(message, "view"))
                    object.view = options.bytes === $String ? $util.base64.encode(message.view, 0, message.view.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.view) : message.view;
                if (message.asksView != null && $Object.hasOwnProperty.call(message, "asksView"))
                    object.asksView = message.asksView;
                return object;
            };

            /**
             * Converts this MembershipUpdateMessage to JSON.
             * @function toJSON
             * @memberof status.payload.MembershipUpdateMessage
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            MembershipUpdateMessage.prototype.toJSON = function() {
                return MembershipUpdateMessage.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for MembershipUpdateMessage
             * @function getTypeUrl
             * @memberof status.payload.MembershipUpdateMessage
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            MembershipUpdateMessage.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.MembershipUpdateMessage";
            };

            return MembershipUpdateMessage;
        })();

        payload.MembershipUpdateEvent = (function() {

            /**
             * Properties of a MembershipUpdateEvent.
             * @typedef {Object} status.payload.MembershipUpdateEvent.$Properties
             * @property {number|Long|null} [clock] MembershipUpdateEvent clock
             * @property {Array.<string>|null} [members] MembershipUpdateEvent members
             * @property {string|null} [name] MembershipUpdateEvent name
             * @property {number|null} [type] MembershipUpdateEvent type
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a MembershipUpdateEvent.
             * @memberof status.payload
             * @interface IMembershipUpdateEvent
             * @augments status.payload.MembershipUpdateEvent.$Properties
             * @deprecated Use status.payload.MembershipUpdateEvent.$Properties instead.
             */

            /**
             * Shape of a MembershipUpdateEvent.
             * @typedef {status.payload.MembershipUpdateEvent.$Properties} status.payload.MembershipUpdateEvent.$Shape
             */

            /**
             * Constructs a new MembershipUpdateEvent.
             * @memberof status.payload
             * @classdesc Represents a MembershipUpdateEvent.
             * @constructor
             * @param {status.payload.MembershipUpdateEvent.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const MembershipUpdateEvent = function (properties) {
                this.members = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * MembershipUpdateEvent clock.
             * @member {number|Long} clock
             * @memberof status.payload.MembershipUpdateEvent
             * @instance
             */
            MembershipUpdateEvent.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * MembershipUpdateEvent members.
             * @member {Array.<string>} members
             * @memberof status.payload.MembershipUpdateEvent
             * @instance
             */
            MembershipUpdateEvent.prototype.members = $util.emptyArray;

            /**
             * MembershipUpdateEvent name.
             * @member {string} name
             * @memberof status.payload.MembershipUpdateEvent
             * @instance
             */
            MembershipUpdateEvent.prototype.name = "";

            /**
             * MembershipUpdateEvent type.
             * @member {number} type
             * @memberof status.payload.MembershipUpdateEvent
             * @instance
             */
            MembershipUpdateEvent.prototype.type = 0;

            /**
             * Creates a new MembershipUpdateEvent instance using the specified properties.
             * @function create
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {status.payload.MembershipUpdateEvent.$Properties=} [properties] Properties to set
             * @returns {status.payload.MembershipUpdateEvent} MembershipUpdateEvent instance
             * @type {{
             *   (properties: status.payload.MembershipUpdateEvent.$Shape): status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape;
             *   (properties?: status.payload.MembershipUpdateEvent.$Properties): status.payload.MembershipUpdateEvent;
             * }}
             */
            MembershipUpdateEvent.create = function(properties) {
                return new MembershipUpdateEvent(properties);
            };

            /**
             * Encodes the specified MembershipUpdateEvent message. Does not implicitly {@link status.payload.MembershipUpdateEvent.verify|verify} messages.
             * @function encode
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {status.payload.MembershipUpdateEvent.$Properties} message MembershipUpdateEvent message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MembershipUpdateEvent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.members != null && message.members.length)
                    for (let i = 0; i < message.members.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.members[i]);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).int32(message.type);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified MembershipUpdateEvent message, length delimited. Does not implicitly {@link status.payload.MembershipUpdateEvent.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {status.payload.MembershipUpdateEvent.$Properties} message MembershipUpdateEvent message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MembershipUpdateEvent.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a MembershipUpdateEvent message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape} MembershipUpdateEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MembershipUpdateEvent.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.MembershipUpdateEvent();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.members && message.members.length))
                                message.members = [];
                            message.members.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.type = value;
                            else
                                delete message.type;
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
             * Decodes a MembershipUpdateEvent message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.MembershipUpdateEvent & status.payload.MembershipUpdateEvent.$Shape} MembershipUpdateEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MembershipUpdateEvent.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a MembershipUpdateEvent message.
             * @function verify
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            MembershipUpdateEvent.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.members != null && $Object.hasOwnProperty.call(message, "members")) {
                    if (!$Array.isArray(message.members))
                        return "members: array expected";
                    for (let i = 0; i < message.members.length; ++i)
                        if (!$util.isString(message.members[i]))
                            return "members: string[] expected";
                }
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    if (!$util.isString(message.name))
                        return "name: string expected";
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    if (!$util.isInteger(message.type))
                        return "type: integer expected";
                return null;
            };

            /**
             * Creates a MembershipUpdateEvent message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.MembershipUpdateEvent} MembershipUpdateEvent
             */
            MembershipUpdateEvent.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.MembershipUpdateEvent)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.MembershipUpdateEvent: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.MembershipUpdateEvent();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.members) {
                    if (!$Array.isArray(object.members))
                        throw $TypeError(".status.payload.MembershipUpdateEvent.members: array expected");
                    message.members = $Array(object.members.length);
                    for (let i = 0; i < object.members.length; ++i)
                        message.members[i] = $String(object.members[i]);
                }
                if (object.name != null)
                    if (typeof object.name !== "string" || object.name.length)
                        message.name = $String(object.name);
                if (object.type != null)
                    if ($Number(object.type) !== 0)
                        message.type = object.type | 0;
                return message;
            };

            /**
             * Creates a plain object from a MembershipUpdateEvent message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {status.payload.MembershipUpdateEvent} message MembershipUpdateEvent
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            MembershipUpdateEvent.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.members = [];
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.name = "";
                    object.type = 0;
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.members && message.members.length) {
                    object.members = $Array(message.members.length);
                    for (let j = 0; j < message.members.length; ++j)
                        object.members[j] = message.members[j];
                }
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    object.type = message.type;
                return object;
            };

            /**
             * Converts this MembershipUpdateEvent to JSON.
             * @function toJSON
             * @memberof status.payload.MembershipUpdateEvent
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            MembershipUpdateEvent.prototype.toJSON = function() {
                return MembershipUpdateEvent.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for MembershipUpdateEvent
             * @function getTypeUrl
             * @memberof status.payload.MembershipUpdateEvent
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            MembershipUpdateEvent.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.MembershipUpdateEvent";
            };

            return MembershipUpdateEvent;
        })();

        payload.PairInstallation = (function() {

            /**
             * Properties of a PairInstallation.
             * @typedef {Object} status.payload.PairInstallation.$Properties
             * @property {number|Long|null} [clock] PairInstallation clock
             * @property {string|null} [installationId] PairInstallation installationId
             * @property {string|null} [deviceType] PairInstallation deviceType
             * @property {string|null} [name] PairInstallation name
             * @property {number|null} [syncForm] PairInstallation syncForm
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PairInstallation.
             * @memberof status.payload
             * @interface IPairInstallation
             * @augments status.payload.PairInstallation.$Properties
             * @deprecated Use status.payload.PairInstallation.$Properties instead.
             */

            /**
             * Shape of a PairInstallation.
             * @typedef {status.payload.PairInstallation.$Properties} status.payload.PairInstallation.$Shape
             */

            /**
             * Constructs a new PairInstallation.
             * @memberof status.payload
             * @classdesc Represents a PairInstallation.
             * @constructor
             * @param {status.payload.PairInstallation.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PairInstallation = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PairInstallation clock.
             * @member {number|Long} clock
             * @memberof status.payload.PairInstallation
             * @instance
             */
            PairInstallation.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * PairInstallation installationId.
             * @member {string} installationId
             * @memberof status.payload.PairInstallation
             * @instance
             */
            PairInstallation.prototype.installationId = "";

            /**
             * PairInstallation deviceType.
             * @member {string} deviceType
             * @memberof status.payload.PairInstallation
             * @instance
             */
            PairInstallation.prototype.deviceType = "";

            /**
             * PairInstallation name.
             * @member {string} name
             * @memberof status.payload.PairInstallation
             * @instance
             */
            PairInstallation.prototype.name = "";

            /**
             * PairInstallation syncForm.
             * @member {number} syncForm
             * @memberof status.payload.PairInstallation
             * @instance
             */
            PairInstallation.prototype.syncForm = 0;

            /**
             * Creates a new PairInstallation instance using the specified properties.
             * @function create
             * @memberof status.payload.PairInstallation
             * @static
             * @param {status.payload.PairInstallation.$Properties=} [properties] Properties to set
             * @returns {status.payload.PairInstallation} PairInstallation instance
             * @type {{
             *   (properties: status.payload.PairInstallation.$Shape): status.payload.PairInstallation & status.payload.PairInstallation.$Shape;
             *   (properties?: status.payload.PairInstallation.$Properties): status.payload.PairInstallation;
             * }}
             */
            PairInstallation.create = function(properties) {
                return new PairInstallation(properties);
            };

            /**
             * Encodes the specified PairInstallation message. Does not implicitly {@link status.payload.PairInstallation.verify|verify} messages.
             * @function encode
             * @memberof status.payload.PairInstallation
             * @static
             * @param {status.payload.PairInstallation.$Properties} message PairInstallation message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PairInstallation.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.installationId != null && $Object.hasOwnProperty.call(message, "installationId") && message.installationId !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.installationId);
                if (message.deviceType != null && $Object.hasOwnProperty.call(message, "deviceType") && message.deviceType !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.deviceType);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.name);
                if (message.syncForm != null && $Object.hasOwnProperty.call(message, "syncForm") && message.syncForm !== 0)
                    writer.uint32(/* id 1001, wireType 0 =*/8008).int32(message.syncForm);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified PairInstallation message, length delimited. Does not implicitly {@link status.payload.PairInstallation.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.PairInstallation
             * @static
             * @param {status.payload.PairInstallation.$Properties} message PairInstallation message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PairInstallation.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a PairInstallation message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.PairInstallation
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.PairInstallation & status.payload.PairInstallation.$Shape} PairInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PairInstallation.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.PairInstallation();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
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
                            if ((value = reader.stringVerify()).length)
                                message.deviceType = value;
                            else
                                delete message.deviceType;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.syncForm = value;
                            else
                                delete message.syncForm;
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
             * Decodes a PairInstallation message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.PairInstallation
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.PairInstallation & status.payload.PairInstallation.$Shape} PairInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PairInstallation.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a PairInstallation message.
             * @function verify
             * @memberof status.payload.PairInstallation
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            PairInstallation.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.installationId != null && $Object.hasOwnProperty.call(message, "installationId"))
                    if (!$util.isString(message.installationId))
                        return "installationId: string expected";
                if (message.deviceType != null && $Object.hasOwnProperty.call(message, "deviceType"))
                    if (!$util.isString(message.deviceType))
                        return "deviceType: string expected";
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    if (!$util.isString(message.name))
                        return "name: string expected";
                if (message.syncForm != null && $Object.hasOwnProperty.call(message, "syncForm"))
                    if (!$util.isInteger(message.syncForm))
                        return "syncForm: integer expected";
                return null;
            };

            /**
             * Creates a PairInstallation message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.PairInstallation
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.PairInstallation} PairInstallation
             */
            PairInstallation.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.PairInstallation)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.PairInstallation: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.PairInstallation();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.installationId != null)
                    if (typeof object.installationId !== "string" || object.installationId.length)
                        message.installationId = $String(object.installationId);
                if (object.deviceType != null)
                    if (typeof object.deviceType !== "string" || object.deviceType.length)
                        message.deviceType = $String(object.deviceType);
                if (object.name != null)
                    if (typeof object.name !== "string" || object.name.length)
                        message.name = $String(object.name);
                if (object.syncForm != null)
                    if ($Number(object.syncForm) !== 0)
                        message.syncForm = object.syncForm | 0;
                return message;
            };

            /**
             * Creates a plain object from a PairInstallation message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.PairInstallation
             * @static
             * @param {status.payload.PairInstallation} message PairInstallation
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            PairInstallation.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.installationId = "";
                    object.deviceType = "";
                    object.name = "";
                    object.syncForm = 0;
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.installationId != null && $Object.hasOwnProperty.call(message, "installationId"))
                    object.installationId = message.installationId;
                if (message.deviceType != null && $Object.hasOwnProperty.call(message, "deviceType"))
                    object.deviceType = message.deviceType;
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.syncForm != null && $Object.hasOwnProperty.call(message, "syncForm"))
                    object.syncForm = message.syncForm;
                return object;
            };

            /**
             * Converts this PairInstallation to JSON.
             * @function toJSON
             * @memberof status.payload.PairInstallation
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            PairInstallation.prototype.toJSON = function() {
                return PairInstallation.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for PairInstallation
             * @function getTypeUrl
             * @memberof status.payload.PairInstallation
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            PairInstallation.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.PairInstallation";
            };

            return PairInstallation;
        })();

        payload.SyncInstallation = (function() {

            /**
             * Properties of a SyncInstallation.
             * @typedef {Object} status.payload.SyncInstallation.$Properties
             * @property {Array.<status.payload.SyncInstallationContact.$Properties>|null} [contacts] SyncInstallation contacts
             * @property {Array.<status.payload.SyncInstallationPublicChat.$Properties>|null} [publicChats] SyncInstallation publicChats
             * @property {status.payload.SyncInstallationAccount.$Properties|null} [account] SyncInstallation account
             * @property {Array.<status.payload.SyncInstallationChat.$Properties>|null} [chats] SyncInstallation chats
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SyncInstallation.
             * @memberof status.payload
             * @interface ISyncInstallation
             * @augments status.payload.SyncInstallation.$Properties
             * @deprecated Use status.payload.SyncInstallation.$Properties instead.
             */

            /**
             * Shape of a SyncInstallation.
             * @typedef {status.payload.SyncInstallation.$Properties} status.payload.SyncInstallation.$Shape
             */

            /**
             * Constructs a new SyncInstallation.
             * @memberof status.payload
             * @classdesc Represents a SyncInstallation.
             * @constructor
             * @param {status.payload.SyncInstallation.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SyncInstallation = function (properties) {
                this.contacts = [];
                this.publicChats = [];
                this.chats = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SyncInstallation contacts.
             * @member {Array.<status.payload.SyncInstallationContact.$Properties>} contacts
             * @memberof status.payload.SyncInstallation
             * @instance
             */
            SyncInstallation.prototype.contacts = $util.emptyArray;

            /**
             * SyncInstallation publicChats.
             * @member {Array.<status.payload.SyncInstallationPublicChat.$Properties>} publicChats
             * @memberof status.payload.SyncInstallation
             * @instance
             */
            SyncInstallation.prototype.publicChats = $util.emptyArray;

            /**
             * SyncInstallation account.
             * @member {status.payload.SyncInstallationAccount.$Properties|null|undefined} account
             * @memberof status.payload.SyncInstallation
             * @instance
             */
            SyncInstallation.prototype.account = null;

            /**
             * SyncInstallation chats.
             * @member {Array.<status.payload.SyncInstallationChat.$Properties>} chats
             * @memberof status.payload.SyncInstallation
             * @instance
             */
            SyncInstallation.prototype.chats = $util.emptyArray;

            /**
             * Creates a new SyncInstallation instance using the specified properties.
             * @function create
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {status.payload.SyncInstallation.$Properties=} [properties] Properties to set
             * @returns {status.payload.SyncInstallation} SyncInstallation instance
             * @type {{
             *   (properties: status.payload.SyncInstallation.$Shape): status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape;
             *   (properties?: status.payload.SyncInstallation.$Properties): status.payload.SyncInstallation;
             * }}
             */
            SyncInstallation.create = function(properties) {
                return new SyncInstallation(properties);
            };

            /**
             * Encodes the specified SyncInstallation message. Does not implicitly {@link status.payload.SyncInstallation.verify|verify} messages.
             * @function encode
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {status.payload.SyncInstallation.$Properties} message SyncInstallation message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallation.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.contacts != null && message.contacts.length)
                    for (let i = 0; i < message.contacts.length; ++i)
                        $root.status.payload.SyncInstallationContact.encode(message.contacts[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.publicChats != null && message.publicChats.length)
                    for (let i = 0; i < message.publicChats.length; ++i)
                        $root.status.payload.SyncInstallationPublicChat.encode(message.publicChats[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.account != null && $Object.hasOwnProperty.call(message, "account"))
                    $root.status.payload.SyncInstallationAccount.encode(message.account, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.chats != null && message.chats.length)
                    for (let i = 0; i < message.chats.length; ++i)
                        $root.status.payload.SyncInstallationChat.encode(message.chats[i], writer.uint32(/* id 1001, wireType 2 =*/8010).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified SyncInstallation message, length delimited. Does not implicitly {@link status.payload.SyncInstallation.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {status.payload.SyncInstallation.$Properties} message SyncInstallation message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallation.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a SyncInstallation message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape} SyncInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallation.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.SyncInstallation();
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
                            if (!(message.contacts && message.contacts.length))
                                message.contacts = [];
                            message.contacts.push($root.status.payload.SyncInstallationContact.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.publicChats && message.publicChats.length))
                                message.publicChats = [];
                            message.publicChats.push($root.status.payload.SyncInstallationPublicChat.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.account = $root.status.payload.SyncInstallationAccount.decode(reader, reader.size(), $undefined, _depth + 1, message.account);
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if (!(message.chats && message.chats.length))
                                message.chats = [];
                            message.chats.push($root.status.payload.SyncInstallationChat.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Decodes a SyncInstallation message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallation & status.payload.SyncInstallation.$Shape} SyncInstallation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallation.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a SyncInstallation message.
             * @function verify
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            SyncInstallation.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.contacts != null && $Object.hasOwnProperty.call(message, "contacts")) {
                    if (!$Array.isArray(message.contacts))
                        return "contacts: array expected";
                    for (let i = 0; i < message.contacts.length; ++i) {
                        let error = $root.status.payload.SyncInstallationContact.verify(message.contacts[i], _depth + 1);
                        if (error)
                            return "contacts." + error;
                    }
                }
                if (message.publicChats != null && $Object.hasOwnProperty.call(message, "publicChats")) {
                    if (!$Array.isArray(message.publicChats))
                        return "publicChats: array expected";
                    for (let i = 0; i < message.publicChats.length; ++i) {
                        let error = $root.status.payload.SyncInstallationPublicChat.verify(message.publicChats[i], _depth + 1);
                        if (error)
                            return "publicChats." + error;
                    }
                }
                if (message.account != null && $Object.hasOwnProperty.call(message, "account")) {
                    let error = $root.status.payload.SyncInstallationAccount.verify(message.account, _depth + 1);
                    if (error)
                        return "account." + error;
                }
                if (message.chats != null && $Object.hasOwnProperty.call(message, "chats")) {
                    if (!$Array.isArray(message.chats))
                        return "chats: array expected";
                    for (let i = 0; i < message.chats.length; ++i) {
                        let error = $root.status.payload.SyncInstallationChat.verify(message.chats[i], _depth + 1);
                        if (error)
                            return "chats." + error;
                    }
                }
                return null;
            };

            /**
             * Creates a SyncInstallation message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.SyncInstallation} SyncInstallation
             */
            SyncInstallation.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.SyncInstallation)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.SyncInstallation: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.SyncInstallation();
                if (object.contacts) {
                    if (!$Array.isArray(object.contacts))
                        throw $TypeError(".status.payload.SyncInstallation.contacts: array expected");
                    message.contacts = $Array(object.contacts.length);
                    for (let i = 0; i < object.contacts.length; ++i) {
                        if (!$util.isObject(object.contacts[i]))
                            throw $TypeError(".status.payload.SyncInstallation.contacts: object expected");
                        message.contacts[i] = $root.status.payload.SyncInstallationContact.fromObject(object.contacts[i], _depth + 1);
                    }
                }
                if (object.publicChats) {
                    if (!$Array.isArray(object.publicChats))
                        throw $TypeError(".status.payload.SyncInstallation.publicChats: array expected");
                    message.publicChats = $Array(object.publicChats.length);
                    for (let i = 0; i < object.publicChats.length; ++i) {
                        if (!$util.isObject(object.publicChats[i]))
                            throw $TypeError(".status.payload.SyncInstallation.publicChats: object expected");
                        message.publicChats[i] = $root.status.payload.SyncInstallationPublicChat.fromObject(object.publicChats[i], _depth + 1);
                    }
                }
                if (object.account != null) {
                    if (!$util.isObject(object.account))
                        throw $TypeError(".status.payload.SyncInstallation.account: object expected");
                    message.account = $root.status.payload.SyncInstallationAccount.fromObject(object.account, _depth + 1);
                }
                if (object.chats) {
                    if (!$Array.isArray(object.chats))
                        throw $TypeError(".status.payload.SyncInstallation.chats: array expected");
                    message.chats = $Array(object.chats.length);
                    for (let i = 0; i < object.chats.length; ++i) {
                        if (!$util.isObject(object.chats[i]))
                            throw $TypeError(".status.payload.SyncInstallation.chats: object expected");
                        message.chats[i] = $root.status.payload.SyncInstallationChat.fromObject(object.chats[i], _depth + 1);
                    }
                }
                return message;
            };

            /**
             * Creates a plain object from a SyncInstallation message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {status.payload.SyncInstallation} message SyncInstallation
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SyncInstallation.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.contacts = [];
                    object.publicChats = [];
                    object.chats = [];
                }
                if (options.defaults)
                    object.account = null;
                if (message.contacts && message.contacts.length) {
                    object.contacts = $Array(message.contacts.length);
                    for (let j = 0; j < message.contacts.length; ++j)
                        object.contacts[j] = $root.status.payload.SyncInstallationContact.toObject(message.contacts[j], options, _depth + 1);
                }
                if (message.publicChats && message.publicChats.length) {
                    object.publicChats = $Array(message.publicChats.length);
                    for (let j = 0; j < message.publicChats.length; ++j)
                        object.publicChats[j] = $root.status.payload.SyncInstallationPublicChat.toObject(message.publicChats[j], options, _depth + 1);
                }
                if (message.account != null && $Object.hasOwnProperty.call(message, "account"))
                    object.account = $root.status.payload.SyncInstallationAccount.toObject(message.account, options, _depth + 1);
                if (message.chats && message.chats.length) {
                    object.chats = $Array(message.chats.length);
                    for (let j = 0; j < message.chats.length; ++j)
                        object.chats[j] = $root.status.payload.SyncInstallationChat.toObject(message.chats[j], options, _depth + 1);
                }
                return object;
            };

            /**
             * Converts this SyncInstallation to JSON.
             * @function toJSON
             * @memberof status.payload.SyncInstallation
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SyncInstallation.prototype.toJSON = function() {
                return SyncInstallation.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for SyncInstallation
             * @function getTypeUrl
             * @memberof status.payload.SyncInstallation
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SyncInstallation.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.SyncInstallation";
            };

            return SyncInstallation;
        })();

        payload.SyncInstallationChat = (function() {

            /**
             * Properties of a SyncInstallationChat.
             * @typedef {Object} status.payload.SyncInstallationChat.$Properties
             * @property {number|Long|null} [clock] SyncInstallationChat clock
             * @property {string|null} [id] SyncInstallationChat id
             * @property {number|null} [kind] SyncInstallationChat kind
             * @property {Array.<string>|null} [tags] SyncInstallationChat tags
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SyncInstallationChat.
             * @memberof status.payload
             * @interface ISyncInstallationChat
             * @augments status.payload.SyncInstallationChat.$Properties
             * @deprecated Use status.payload.SyncInstallationChat.$Properties instead.
             */

            /**
             * Shape of a SyncInstallationChat.
             * @typedef {status.payload.SyncInstallationChat.$Properties} status.payload.SyncInstallationChat.$Shape
             */

            /**
             * Constructs a new SyncInstallationChat.
             * @memberof status.payload
             * @classdesc Represents a SyncInstallationChat.
             * @constructor
             * @param {status.payload.SyncInstallationChat.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SyncInstallationChat = function (properties) {
                this.tags = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SyncInstallationChat clock.
             * @member {number|Long} clock
             * @memberof status.payload.SyncInstallationChat
             * @instance
             */
            SyncInstallationChat.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SyncInstallationChat id.
             * @member {string} id
             * @memberof status.payload.SyncInstallationChat
             * @instance
             */
            SyncInstallationChat.prototype.id = "";

            /**
             * SyncInstallationChat kind.
             * @member {number} kind
             * @memberof status.payload.SyncInstallationChat
             * @instance
             */
            SyncInstallationChat.prototype.kind = 0;

            /**
             * SyncInstallationChat tags.
             * @member {Array.<string>} tags
             * @memberof status.payload.SyncInstallationChat
             * @instance
             */
            SyncInstallationChat.prototype.tags = $util.emptyArray;

            /**
             * Creates a new SyncInstallationChat instance using the specified properties.
             * @function create
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {status.payload.SyncInstallationChat.$Properties=} [properties] Properties to set
             * @returns {status.payload.SyncInstallationChat} SyncInstallationChat instance
             * @type {{
             *   (properties: status.payload.SyncInstallationChat.$Shape): status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape;
             *   (properties?: status.payload.SyncInstallationChat.$Properties): status.payload.SyncInstallationChat;
             * }}
             */
            SyncInstallationChat.create = function(properties) {
                return new SyncInstallationChat(properties);
            };

            /**
             * Encodes the specified SyncInstallationChat message. Does not implicitly {@link status.payload.SyncInstallationChat.verify|verify} messages.
             * @function encode
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {status.payload.SyncInstallationChat.$Properties} message SyncInstallationChat message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationChat.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.kind);
                if (message.tags != null && message.tags.length)
                    for (let i = 0; i < message.tags.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.tags[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified SyncInstallationChat message, length delimited. Does not implicitly {@link status.payload.SyncInstallationChat.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {status.payload.SyncInstallationChat.$Properties} message SyncInstallationChat message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationChat.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a SyncInstallationChat message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape} SyncInstallationChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationChat.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.SyncInstallationChat();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tags && message.tags.length))
                                message.tags = [];
                            message.tags.push(reader.stringVerify());
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
             * Decodes a SyncInstallationChat message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationChat & status.payload.SyncInstallationChat.$Shape} SyncInstallationChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationChat.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a SyncInstallationChat message.
             * @function verify
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            SyncInstallationChat.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    if (!$util.isInteger(message.kind))
                        return "kind: integer expected";
                if (message.tags != null && $Object.hasOwnProperty.call(message, "tags")) {
                    if (!$Array.isArray(message.tags))
                        return "tags: array expected";
                    for (let i = 0; i < message.tags.length; ++i)
                        if (!$util.isString(message.tags[i]))
                            return "tags: string[] expected";
                }
                return null;
            };

            /**
             * Creates a SyncInstallationChat message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.SyncInstallationChat} SyncInstallationChat
             */
            SyncInstallationChat.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.SyncInstallationChat)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.SyncInstallationChat: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.SyncInstallationChat();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.kind != null)
                    if ($Number(object.kind) !== 0)
                        message.kind = object.kind | 0;
                if (object.tags) {
                    if (!$Array.isArray(object.tags))
                        throw $TypeError(".status.payload.SyncInstallationChat.tags: array expected");
                    message.tags = $Array(object.tags.length);
                    for (let i = 0; i < object.tags.length; ++i)
                        message.tags[i] = $String(object.tags[i]);
                }
                return message;
            };

            /**
             * Creates a plain object from a SyncInstallationChat message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {status.payload.SyncInstallationChat} message SyncInstallationChat
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SyncInstallationChat.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.tags = [];
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                    object.kind = 0;
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.tags && message.tags.length) {
                    object.tags = $Array(message.tags.length);
                    for (let j = 0; j < message.tags.length; ++j)
                        object.tags[j] = message.tags[j];
                }
                return object;
            };

            /**
             * Converts this SyncInstallationChat to JSON.
             * @function toJSON
             * @memberof status.payload.SyncInstallationChat
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SyncInstallationChat.prototype.toJSON = function() {
                return SyncInstallationChat.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for SyncInstallationChat
             * @function getTypeUrl
             * @memberof status.payload.SyncInstallationChat
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SyncInstallationChat.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.SyncInstallationChat";
            };

            return SyncInstallationChat;
        })();

        payload.SyncInstallationContact = (function() {

            /**
             * Properties of a SyncInstallationContact.
             * @typedef {Object} status.payload.SyncInstallationContact.$Properties
             * @property {number|Long|null} [clock] SyncInstallationContact clock
             * @property {string|null} [id] SyncInstallationContact id
             * @property {string|null} [profileImage] SyncInstallationContact profileImage
             * @property {string|null} [ensName] SyncInstallationContact ensName
             * @property {number|Long|null} [lastUpdated] SyncInstallationContact lastUpdated
             * @property {Array.<string>|null} [systemTags] SyncInstallationContact systemTags
             * @property {string|null} [localName] SyncInstallationContact localName
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SyncInstallationContact.
             * @memberof status.payload
             * @interface ISyncInstallationContact
             * @augments status.payload.SyncInstallationContact.$Properties
             * @deprecated Use status.payload.SyncInstallationContact.$Properties instead.
             */

            /**
             * Shape of a SyncInstallationContact.
             * @typedef {status.payload.SyncInstallationContact.$Properties} status.payload.SyncInstallationContact.$Shape
             */

            /**
             * Constructs a new SyncInstallationContact.
             * @memberof status.payload
             * @classdesc Represents a SyncInstallationContact.
             * @constructor
             * @param {status.payload.SyncInstallationContact.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SyncInstallationContact = function (properties) {
                this.systemTags = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SyncInstallationContact clock.
             * @member {number|Long} clock
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SyncInstallationContact id.
             * @member {string} id
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.id = "";

            /**
             * SyncInstallationContact profileImage.
             * @member {string} profileImage
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.profileImage = "";

            /**
             * SyncInstallationContact ensName.
             * @member {string} ensName
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.ensName = "";

            /**
             * SyncInstallationContact lastUpdated.
             * @member {number|Long} lastUpdated
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.lastUpdated = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SyncInstallationContact systemTags.
             * @member {Array.<string>} systemTags
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.systemTags = $util.emptyArray;

            /**
             * SyncInstallationContact localName.
             * @member {string} localName
             * @memberof status.payload.SyncInstallationContact
             * @instance
             */
            SyncInstallationContact.prototype.localName = "";

            /**
             * Creates a new SyncInstallationContact instance using the specified properties.
             * @function create
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {status.payload.SyncInstallationContact.$Properties=} [properties] Properties to set
             * @returns {status.payload.SyncInstallationContact} SyncInstallationContact instance
             * @type {{
             *   (properties: status.payload.SyncInstallationContact.$Shape): status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape;
             *   (properties?: status.payload.SyncInstallationContact.$Properties): status.payload.SyncInstallationContact;
             * }}
             */
            SyncInstallationContact.create = function(properties) {
                return new SyncInstallationContact(properties);
            };

            /**
             * Encodes the specified SyncInstallationContact message. Does not implicitly {@link status.payload.SyncInstallationContact.verify|verify} messages.
             * @function encode
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {status.payload.SyncInstallationContact.$Properties} message SyncInstallationContact message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationContact.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage") && message.profileImage !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.profileImage);
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName") && message.ensName !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.ensName);
                if (message.lastUpdated != null && $Object.hasOwnProperty.call(message, "lastUpdated") && (typeof message.lastUpdated === "object" ? message.lastUpdated.low || message.lastUpdated.high : message.lastUpdated !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.lastUpdated);
                if (message.systemTags != null && message.systemTags.length)
                    for (let i = 0; i < message.systemTags.length; ++i)
                        writer.uint32(/* id 6, wireType 2 =*/50).string(message.systemTags[i]);
                if (message.localName != null && $Object.hasOwnProperty.call(message, "localName") && message.localName !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.localName);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified SyncInstallationContact message, length delimited. Does not implicitly {@link status.payload.SyncInstallationContact.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {status.payload.SyncInstallationContact.$Properties} message SyncInstallationContact message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationContact.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a SyncInstallationContact message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape} SyncInstallationContact
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationContact.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.SyncInstallationContact();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.profileImage = value;
                            else
                                delete message.profileImage;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ensName = value;
                            else
                                delete message.ensName;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastUpdated = value;
                            else
                                delete message.lastUpdated;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.systemTags && message.systemTags.length))
                                message.systemTags = [];
                            message.systemTags.push(reader.stringVerify());
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.localName = value;
                            else
                                delete message.localName;
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
             * Decodes a SyncInstallationContact message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationContact & status.payload.SyncInstallationContact.$Shape} SyncInstallationContact
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationContact.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a SyncInstallationContact message.
             * @function verify
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            SyncInstallationContact.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage"))
                    if (!$util.isString(message.profileImage))
                        return "profileImage: string expected";
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName"))
                    if (!$util.isString(message.ensName))
                        return "ensName: string expected";
                if (message.lastUpdated != null && $Object.hasOwnProperty.call(message, "lastUpdated"))
                    if (!$util.isInteger(message.lastUpdated) && !(message.lastUpdated && $util.isInteger(message.lastUpdated.low) && $util.isInteger(message.lastUpdated.high)))
                        return "lastUpdated: integer|Long expected";
                if (message.systemTags != null && $Object.hasOwnProperty.call(message, "systemTags")) {
                    if (!$Array.isArray(message.systemTags))
                        return "systemTags: array expected";
                    for (let i = 0; i < message.systemTags.length; ++i)
                        if (!$util.isString(message.systemTags[i]))
                            return "systemTags: string[] expected";
                }
                if (message.localName != null && $Object.hasOwnProperty.call(message, "localName"))
                    if (!$util.isString(message.localName))
                        return "localName: string expected";
                return null;
            };

            /**
             * Creates a SyncInstallationContact message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.SyncInstallationContact} SyncInstallationContact
             */
            SyncInstallationContact.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.SyncInstallationContact)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.SyncInstallationContact: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.SyncInstallationContact();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.profileImage != null)
                    if (typeof object.profileImage !== "string" || object.profileImage.length)
                        message.profileImage = $String(object.profileImage);
                if (object.ensName != null)
                    if (typeof object.ensName !== "string" || object.ensName.length)
                        message.ensName = $String(object.ensName);
                if (object.lastUpdated != null)
                    if (typeof object.lastUpdated === "object" ? object.lastUpdated.low || object.lastUpdated.high : $Number(object.lastUpdated) !== 0)
                        if ($util.Long)
                            message.lastUpdated = $util.Long.fromValue(object.lastUpdated, true);
                        else if (typeof object.lastUpdated === "string")
                            message.lastUpdated = $parseInt(object.lastUpdated, 10);
                        else if (typeof object.lastUpdated === "number")
                            message.lastUpdated = object.lastUpdated;
                        else if (typeof object.lastUpdated === "object")
                            message.lastUpdated = new $util.LongBits(object.lastUpdated.low >>> 0, object.lastUpdated.high >>> 0).toNumber(true);
                if (object.systemTags) {
                    if (!$Array.isArray(object.systemTags))
                        throw $TypeError(".status.payload.SyncInstallationContact.systemTags: array expected");
                    message.systemTags = $Array(object.systemTags.length);
                    for (let i = 0; i < object.systemTags.length; ++i)
                        message.systemTags[i] = $String(object.systemTags[i]);
                }
                if (object.localName != null)
                    if (typeof object.localName !== "string" || object.localName.length)
                        message.localName = $String(object.localName);
                return message;
            };

            /**
             * Creates a plain object from a SyncInstallationContact message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {status.payload.SyncInstallationContact} message SyncInstallationContact
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SyncInstallationContact.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.systemTags = [];
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                    object.profileImage = "";
                    object.ensName = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.lastUpdated = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.lastUpdated = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.localName = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage"))
                    object.profileImage = message.profileImage;
                if (message.ensName != null && $Object.hasOwnProperty.call(message, "ensName"))
                    object.ensName = message.ensName;
                if (message.lastUpdated != null && $Object.hasOwnProperty.call(message, "lastUpdated"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.lastUpdated = typeof message.lastUpdated === "number" ? $BigInt(message.lastUpdated) : $util.Long.fromBits(message.lastUpdated.low >>> 0, message.lastUpdated.high >>> 0, true).toBigInt();
                    else if (typeof message.lastUpdated === "number")
                        object.lastUpdated = options.longs === $String ? $String(message.lastUpdated) : message.lastUpdated;
                    else
                        object.lastUpdated = options.longs === $String ? $util.Long.prototype.toString.call(message.lastUpdated) : options.longs === $Number ? new $util.LongBits(message.lastUpdated.low >>> 0, message.lastUpdated.high >>> 0).toNumber(true) : message.lastUpdated;
                if (message.systemTags && message.systemTags.length) {
                    object.systemTags = $Array(message.systemTags.length);
                    for (let j = 0; j < message.systemTags.length; ++j)
                        object.systemTags[j] = message.systemTags[j];
                }
                if (message.localName != null && $Object.hasOwnProperty.call(message, "localName"))
                    object.localName = message.localName;
                return object;
            };

            /**
             * Converts this SyncInstallationContact to JSON.
             * @function toJSON
             * @memberof status.payload.SyncInstallationContact
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SyncInstallationContact.prototype.toJSON = function() {
                return SyncInstallationContact.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for SyncInstallationContact
             * @function getTypeUrl
             * @memberof status.payload.SyncInstallationContact
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SyncInstallationContact.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.SyncInstallationContact";
            };

            return SyncInstallationContact;
        })();

        payload.SyncInstallationAccount = (function() {

            /**
             * Properties of a SyncInstallationAccount.
             * @typedef {Object} status.payload.SyncInstallationAccount.$Properties
             * @property {number|Long|null} [clock] SyncInstallationAccount clock
             * @property {string|null} [profileImage] SyncInstallationAccount profileImage
             * @property {number|Long|null} [lastUpdated] SyncInstallationAccount lastUpdated
             * @property {string|null} [name] SyncInstallationAccount name
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SyncInstallationAccount.
             * @memberof status.payload
             * @interface ISyncInstallationAccount
             * @augments status.payload.SyncInstallationAccount.$Properties
             * @deprecated Use status.payload.SyncInstallationAccount.$Properties instead.
             */

            /**
             * Shape of a SyncInstallationAccount.
             * @typedef {status.payload.SyncInstallationAccount.$Properties} status.payload.SyncInstallationAccount.$Shape
             */

            /**
             * Constructs a new SyncInstallationAccount.
             * @memberof status.payload
             * @classdesc Represents a SyncInstallationAccount.
             * @constructor
             * @param {status.payload.SyncInstallationAccount.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SyncInstallationAccount = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SyncInstallationAccount clock.
             * @member {number|Long} clock
             * @memberof status.payload.SyncInstallationAccount
             * @instance
             */
            SyncInstallationAccount.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SyncInstallationAccount profileImage.
             * @member {string} profileImage
             * @memberof status.payload.SyncInstallationAccount
             * @instance
             */
            SyncInstallationAccount.prototype.profileImage = "";

            /**
             * SyncInstallationAccount lastUpdated.
             * @member {number|Long} lastUpdated
             * @memberof status.payload.SyncInstallationAccount
             * @instance
             */
            SyncInstallationAccount.prototype.lastUpdated = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SyncInstallationAccount name.
             * @member {string} name
             * @memberof status.payload.SyncInstallationAccount
             * @instance
             */
            SyncInstallationAccount.prototype.name = "";

            /**
             * Creates a new SyncInstallationAccount instance using the specified properties.
             * @function create
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {status.payload.SyncInstallationAccount.$Properties=} [properties] Properties to set
             * @returns {status.payload.SyncInstallationAccount} SyncInstallationAccount instance
             * @type {{
             *   (properties: status.payload.SyncInstallationAccount.$Shape): status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape;
             *   (properties?: status.payload.SyncInstallationAccount.$Properties): status.payload.SyncInstallationAccount;
             * }}
             */
            SyncInstallationAccount.create = function(properties) {
                return new SyncInstallationAccount(properties);
            };

            /**
             * Encodes the specified SyncInstallationAccount message. Does not implicitly {@link status.payload.SyncInstallationAccount.verify|verify} messages.
             * @function encode
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {status.payload.SyncInstallationAccount.$Properties} message SyncInstallationAccount message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationAccount.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage") && message.profileImage !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.profileImage);
                if (message.lastUpdated != null && $Object.hasOwnProperty.call(message, "lastUpdated") && (typeof message.lastUpdated === "object" ? message.lastUpdated.low || message.lastUpdated.high : message.lastUpdated !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.lastUpdated);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.name);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified SyncInstallationAccount message, length delimited. Does not implicitly {@link status.payload.SyncInstallationAccount.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {status.payload.SyncInstallationAccount.$Properties} message SyncInstallationAccount message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationAccount.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a SyncInstallationAccount message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape} SyncInstallationAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationAccount.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.SyncInstallationAccount();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.profileImage = value;
                            else
                                delete message.profileImage;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastUpdated = value;
                            else
                                delete message.lastUpdated;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
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
             * Decodes a SyncInstallationAccount message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationAccount & status.payload.SyncInstallationAccount.$Shape} SyncInstallationAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationAccount.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a SyncInstallationAccount message.
             * @function verify
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            SyncInstallationAccount.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage"))
                    if (!$util.isString(message.profileImage))
                        return "profileImage: string expected";
                if (message.lastUpdated != null && $Object.hasOwnProperty.call(message, "lastUpdated"))
                    if (!$util.isInteger(message.lastUpdated) && !(message.lastUpdated && $util.isInteger(message.lastUpdated.low) && $util.isInteger(message.lastUpdated.high)))
                        return "lastUpdated: integer|Long expected";
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    if (!$util.isString(message.name))
                        return "name: string expected";
                return null;
            };

            /**
             * Creates a SyncInstallationAccount message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.SyncInstallationAccount} SyncInstallationAccount
             */
            SyncInstallationAccount.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.SyncInstallationAccount)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.SyncInstallationAccount: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.SyncInstallationAccount();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.profileImage != null)
                    if (typeof object.profileImage !== "string" || object.profileImage.length)
                        message.profileImage = $String(object.profileImage);
                if (object.lastUpdated != null)
                    if (typeof object.lastUpdated === "object" ? object.lastUpdated.low || object.lastUpdated.high : $Number(object.lastUpdated) !== 0)
                        if ($util.Long)
                            message.lastUpdated = $util.Long.fromValue(object.lastUpdated, true);
                        else if (typeof object.lastUpdated === "string")
                            message.lastUpdated = $parseInt(object.lastUpdated, 10);
                        else if (typeof object.lastUpdated === "number")
                            message.lastUpdated = object.lastUpdated;
                        else if (typeof object.lastUpdated === "object")
                            message.lastUpdated = new $util.LongBits(object.lastUpdated.low >>> 0, object.lastUpdated.high >>> 0).toNumber(true);
                if (object.name != null)
                    if (typeof object.name !== "string" || object.name.length)
                        message.name = $String(object.name);
                return message;
            };

            /**
             * Creates a plain object from a SyncInstallationAccount message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {status.payload.SyncInstallationAccount} message SyncInstallationAccount
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SyncInstallationAccount.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.profileImage = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.lastUpdated = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.lastUpdated = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.name = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.profileImage != null && $Object.hasOwnProperty.call(message, "profileImage"))
                    object.profileImage = message.profileImage;
                if (message.lastUpdated != null && $Object.hasOwnProperty.call(message, "lastUpdated"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.lastUpdated = typeof message.lastUpdated === "number" ? $BigInt(message.lastUpdated) : $util.Long.fromBits(message.lastUpdated.low >>> 0, message.lastUpdated.high >>> 0, true).toBigInt();
                    else if (typeof message.lastUpdated === "number")
                        object.lastUpdated = options.longs === $String ? $String(message.lastUpdated) : message.lastUpdated;
                    else
                        object.lastUpdated = options.longs === $String ? $util.Long.prototype.toString.call(message.lastUpdated) : options.longs === $Number ? new $util.LongBits(message.lastUpdated.low >>> 0, message.lastUpdated.high >>> 0).toNumber(true) : message.lastUpdated;
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                return object;
            };

            /**
             * Converts this SyncInstallationAccount to JSON.
             * @function toJSON
             * @memberof status.payload.SyncInstallationAccount
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SyncInstallationAccount.prototype.toJSON = function() {
                return SyncInstallationAccount.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for SyncInstallationAccount
             * @function getTypeUrl
             * @memberof status.payload.SyncInstallationAccount
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SyncInstallationAccount.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.SyncInstallationAccount";
            };

            return SyncInstallationAccount;
        })();

        payload.SyncInstallationPublicChat = (function() {

            /**
             * Properties of a SyncInstallationPublicChat.
             * @typedef {Object} status.payload.SyncInstallationPublicChat.$Properties
             * @property {number|Long|null} [clock] SyncInstallationPublicChat clock
             * @property {string|null} [id] SyncInstallationPublicChat id
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SyncInstallationPublicChat.
             * @memberof status.payload
             * @interface ISyncInstallationPublicChat
             * @augments status.payload.SyncInstallationPublicChat.$Properties
             * @deprecated Use status.payload.SyncInstallationPublicChat.$Properties instead.
             */

            /**
             * Shape of a SyncInstallationPublicChat.
             * @typedef {status.payload.SyncInstallationPublicChat.$Properties} status.payload.SyncInstallationPublicChat.$Shape
             */

            /**
             * Constructs a new SyncInstallationPublicChat.
             * @memberof status.payload
             * @classdesc Represents a SyncInstallationPublicChat.
             * @constructor
             * @param {status.payload.SyncInstallationPublicChat.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SyncInstallationPublicChat = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SyncInstallationPublicChat clock.
             * @member {number|Long} clock
             * @memberof status.payload.SyncInstallationPublicChat
             * @instance
             */
            SyncInstallationPublicChat.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SyncInstallationPublicChat id.
             * @member {string} id
             * @memberof status.payload.SyncInstallationPublicChat
             * @instance
             */
            SyncInstallationPublicChat.prototype.id = "";

            /**
             * Creates a new SyncInstallationPublicChat instance using the specified properties.
             * @function create
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {status.payload.SyncInstallationPublicChat.$Properties=} [properties] Properties to set
             * @returns {status.payload.SyncInstallationPublicChat} SyncInstallationPublicChat instance
             * @type {{
             *   (properties: status.payload.SyncInstallationPublicChat.$Shape): status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape;
             *   (properties?: status.payload.SyncInstallationPublicChat.$Properties): status.payload.SyncInstallationPublicChat;
             * }}
             */
            SyncInstallationPublicChat.create = function(properties) {
                return new SyncInstallationPublicChat(properties);
            };

            /**
             * Encodes the specified SyncInstallationPublicChat message. Does not implicitly {@link status.payload.SyncInstallationPublicChat.verify|verify} messages.
             * @function encode
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {status.payload.SyncInstallationPublicChat.$Properties} message SyncInstallationPublicChat message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationPublicChat.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified SyncInstallationPublicChat message, length delimited. Does not implicitly {@link status.payload.SyncInstallationPublicChat.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {status.payload.SyncInstallationPublicChat.$Properties} message SyncInstallationPublicChat message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SyncInstallationPublicChat.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a SyncInstallationPublicChat message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape} SyncInstallationPublicChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationPublicChat.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.SyncInstallationPublicChat();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
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
             * Decodes a SyncInstallationPublicChat message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.SyncInstallationPublicChat & status.payload.SyncInstallationPublicChat.$Shape} SyncInstallationPublicChat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SyncInstallationPublicChat.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a SyncInstallationPublicChat message.
             * @function verify
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            SyncInstallationPublicChat.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                return null;
            };

            /**
             * Creates a SyncInstallationPublicChat message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.SyncInstallationPublicChat} SyncInstallationPublicChat
             */
            SyncInstallationPublicChat.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.SyncInstallationPublicChat)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.SyncInstallationPublicChat: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.SyncInstallationPublicChat();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                return message;
            };

            /**
             * Creates a plain object from a SyncInstallationPublicChat message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {status.payload.SyncInstallationPublicChat} message SyncInstallationPublicChat
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SyncInstallationPublicChat.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                return object;
            };

            /**
             * Converts this SyncInstallationPublicChat to JSON.
             * @function toJSON
             * @memberof status.payload.SyncInstallationPublicChat
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SyncInstallationPublicChat.prototype.toJSON = function() {
                return SyncInstallationPublicChat.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for SyncInstallationPublicChat
             * @function getTypeUrl
             * @memberof status.payload.SyncInstallationPublicChat
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SyncInstallationPublicChat.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.SyncInstallationPublicChat";
            };

            return SyncInstallationPublicChat;
        })();

        payload.RequestAddressForTransaction = (function() {

            /**
             * Properties of a RequestAddressForTransaction.
             * @typedef {Object} status.payload.RequestAddressForTransaction.$Properties
             * @property {number|Long|null} [clock] RequestAddressForTransaction clock
             * @property {string|null} [value] RequestAddressForTransaction value
             * @property {string|null} [contract] RequestAddressForTransaction contract
             * @property {string|null} [chatId] RequestAddressForTransaction chatId
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RequestAddressForTransaction.
             * @memberof status.payload
             * @interface IRequestAddressForTransaction
             * @augments status.payload.RequestAddressForTransaction.$Properties
             * @deprecated Use status.payload.RequestAddressForTransaction.$Properties instead.
             */

            /**
             * Shape of a RequestAddressForTransaction.
             * @typedef {status.payload.RequestAddressForTransaction.$Properties} status.payload.RequestAddressForTransaction.$Shape
             */

            /**
             * Constructs a new RequestAddressForTransaction.
             * @memberof status.payload
             * @classdesc Represents a RequestAddressForTransaction.
             * @constructor
             * @param {status.payload.RequestAddressForTransaction.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RequestAddressForTransaction = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RequestAddressForTransaction clock.
             * @member {number|Long} clock
             * @memberof status.payload.RequestAddressForTransaction
             * @instance
             */
            RequestAddressForTransaction.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * RequestAddressForTransaction value.
             * @member {string} value
             * @memberof status.payload.RequestAddressForTransaction
             * @instance
             */
            RequestAddressForTransaction.prototype.value = "";

            /**
             * RequestAddressForTransaction contract.
             * @member {string} contract
             * @memberof status.payload.RequestAddressForTransaction
             * @instance
             */
            RequestAddressForTransaction.prototype.contract = "";

            /**
             * RequestAddressForTransaction chatId.
             * @member {string} chatId
             * @memberof status.payload.RequestAddressForTransaction
             * @instance
             */
            RequestAddressForTransaction.prototype.chatId = "";

            /**
             * Creates a new RequestAddressForTransaction instance using the specified properties.
             * @function create
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {status.payload.RequestAddressForTransaction.$Properties=} [properties] Properties to set
             * @returns {status.payload.RequestAddressForTransaction} RequestAddressForTransaction instance
             * @type {{
             *   (properties: status.payload.RequestAddressForTransaction.$Shape): status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape;
             *   (properties?: status.payload.RequestAddressForTransaction.$Properties): status.payload.RequestAddressForTransaction;
             * }}
             */
            RequestAddressForTransaction.create = function(properties) {
                return new RequestAddressForTransaction(properties);
            };

            /**
             * Encodes the specified RequestAddressForTransaction message. Does not implicitly {@link status.payload.RequestAddressForTransaction.verify|verify} messages.
             * @function encode
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {status.payload.RequestAddressForTransaction.$Properties} message RequestAddressForTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RequestAddressForTransaction.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
                if (message.contract != null && $Object.hasOwnProperty.call(message, "contract") && message.contract !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.contract);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.chatId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified RequestAddressForTransaction message, length delimited. Does not implicitly {@link status.payload.RequestAddressForTransaction.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {status.payload.RequestAddressForTransaction.$Properties} message RequestAddressForTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RequestAddressForTransaction.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a RequestAddressForTransaction message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape} RequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RequestAddressForTransaction.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.RequestAddressForTransaction();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.contract = value;
                            else
                                delete message.contract;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
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
             * Decodes a RequestAddressForTransaction message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.RequestAddressForTransaction & status.payload.RequestAddressForTransaction.$Shape} RequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RequestAddressForTransaction.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a RequestAddressForTransaction message.
             * @function verify
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            RequestAddressForTransaction.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                    if (!$util.isString(message.value))
                        return "value: string expected";
                if (message.contract != null && $Object.hasOwnProperty.call(message, "contract"))
                    if (!$util.isString(message.contract))
                        return "contract: string expected";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                return null;
            };

            /**
             * Creates a RequestAddressForTransaction message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.RequestAddressForTransaction} RequestAddressForTransaction
             */
            RequestAddressForTransaction.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.RequestAddressForTransaction)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.RequestAddressForTransaction: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.RequestAddressForTransaction();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.value != null)
                    if (typeof object.value !== "string" || object.value.length)
                        message.value = $String(object.value);
                if (object.contract != null)
                    if (typeof object.contract !== "string" || object.contract.length)
                        message.contract = $String(object.contract);
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                return message;
            };

            /**
             * Creates a plain object from a RequestAddressForTransaction message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {status.payload.RequestAddressForTransaction} message RequestAddressForTransaction
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            RequestAddressForTransaction.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.value = "";
                    object.contract = "";
                    object.chatId = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                    object.value = message.value;
                if (message.contract != null && $Object.hasOwnProperty.call(message, "contract"))
                    object.contract = message.contract;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                return object;
            };

            /**
             * Converts this RequestAddressForTransaction to JSON.
             * @function toJSON
             * @memberof status.payload.RequestAddressForTransaction
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            RequestAddressForTransaction.prototype.toJSON = function() {
                return RequestAddressForTransaction.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for RequestAddressForTransaction
             * @function getTypeUrl
             * @memberof status.payload.RequestAddressForTransaction
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            RequestAddressForTransaction.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.RequestAddressForTransaction";
            };

            return RequestAddressForTransaction;
        })();

        payload.AcceptRequestAddressForTransaction = (function() {

            /**
             * Properties of an AcceptRequestAddressForTransaction.
             * @typedef {Object} status.payload.AcceptRequestAddressForTransaction.$Properties
             * @property {number|Long|null} [clock] AcceptRequestAddressForTransaction clock
             * @property {string|null} [id] AcceptRequestAddressForTransaction id
             * @property {string|null} [address] AcceptRequestAddressForTransaction address
             * @property {string|null} [chatId] AcceptRequestAddressForTransaction chatId
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AcceptRequestAddressForTransaction.
             * @memberof status.payload
             * @interface IAcceptRequestAddressForTransaction
             * @augments status.payload.AcceptRequestAddressForTransaction.$Properties
             * @deprecated Use status.payload.AcceptRequestAddressForTransaction.$Properties instead.
             */

            /**
             * Shape of an AcceptRequestAddressForTransaction.
             * @typedef {status.payload.AcceptRequestAddressForTransaction.$Properties} status.payload.AcceptRequestAddressForTransaction.$Shape
             */

            /**
             * Constructs a new AcceptRequestAddressForTransaction.
             * @memberof status.payload
             * @classdesc Represents an AcceptRequestAddressForTransaction.
             * @constructor
             * @param {status.payload.AcceptRequestAddressForTransaction.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AcceptRequestAddressForTransaction = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AcceptRequestAddressForTransaction clock.
             * @member {number|Long} clock
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @instance
             */
            AcceptRequestAddressForTransaction.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * AcceptRequestAddressForTransaction id.
             * @member {string} id
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @instance
             */
            AcceptRequestAddressForTransaction.prototype.id = "";

            /**
             * AcceptRequestAddressForTransaction address.
             * @member {string} address
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @instance
             */
            AcceptRequestAddressForTransaction.prototype.address = "";

            /**
             * AcceptRequestAddressForTransaction chatId.
             * @member {string} chatId
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @instance
             */
            AcceptRequestAddressForTransaction.prototype.chatId = "";

            /**
             * Creates a new AcceptRequestAddressForTransaction instance using the specified properties.
             * @function create
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {status.payload.AcceptRequestAddressForTransaction.$Properties=} [properties] Properties to set
             * @returns {status.payload.AcceptRequestAddressForTransaction} AcceptRequestAddressForTransaction instance
             * @type {{
             *   (properties: status.payload.AcceptRequestAddressForTransaction.$Shape): status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape;
             *   (properties?: status.payload.AcceptRequestAddressForTransaction.$Properties): status.payload.AcceptRequestAddressForTransaction;
             * }}
             */
            AcceptRequestAddressForTransaction.create = function(properties) {
                return new AcceptRequestAddressForTransaction(properties);
            };

            /**
             * Encodes the specified AcceptRequestAddressForTransaction message. Does not implicitly {@link status.payload.AcceptRequestAddressForTransaction.verify|verify} messages.
             * @function encode
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {status.payload.AcceptRequestAddressForTransaction.$Properties} message AcceptRequestAddressForTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AcceptRequestAddressForTransaction.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.address);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.chatId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified AcceptRequestAddressForTransaction message, length delimited. Does not implicitly {@link status.payload.AcceptRequestAddressForTransaction.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {status.payload.AcceptRequestAddressForTransaction.$Properties} message AcceptRequestAddressForTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AcceptRequestAddressForTransaction.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes an AcceptRequestAddressForTransaction message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape} AcceptRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AcceptRequestAddressForTransaction.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.AcceptRequestAddressForTransaction();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
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
             * Decodes an AcceptRequestAddressForTransaction message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.AcceptRequestAddressForTransaction & status.payload.AcceptRequestAddressForTransaction.$Shape} AcceptRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AcceptRequestAddressForTransaction.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies an AcceptRequestAddressForTransaction message.
             * @function verify
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            AcceptRequestAddressForTransaction.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                    if (!$util.isString(message.address))
                        return "address: string expected";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                return null;
            };

            /**
             * Creates an AcceptRequestAddressForTransaction message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.AcceptRequestAddressForTransaction} AcceptRequestAddressForTransaction
             */
            AcceptRequestAddressForTransaction.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.AcceptRequestAddressForTransaction)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.AcceptRequestAddressForTransaction: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.AcceptRequestAddressForTransaction();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.address != null)
                    if (typeof object.address !== "string" || object.address.length)
                        message.address = $String(object.address);
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                return message;
            };

            /**
             * Creates a plain object from an AcceptRequestAddressForTransaction message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {status.payload.AcceptRequestAddressForTransaction} message AcceptRequestAddressForTransaction
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            AcceptRequestAddressForTransaction.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                    object.address = "";
                    object.chatId = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                    object.address = message.address;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                return object;
            };

            /**
             * Converts this AcceptRequestAddressForTransaction to JSON.
             * @function toJSON
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            AcceptRequestAddressForTransaction.prototype.toJSON = function() {
                return AcceptRequestAddressForTransaction.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for AcceptRequestAddressForTransaction
             * @function getTypeUrl
             * @memberof status.payload.AcceptRequestAddressForTransaction
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            AcceptRequestAddressForTransaction.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.AcceptRequestAddressForTransaction";
            };

            return AcceptRequestAddressForTransaction;
        })();

        payload.DeclineRequestAddressForTransaction = (function() {

            /**
             * Properties of a DeclineRequestAddressForTransaction.
             * @typedef {Object} status.payload.DeclineRequestAddressForTransaction.$Properties
             * @property {number|Long|null} [clock] DeclineRequestAddressForTransaction clock
             * @property {string|null} [id] DeclineRequestAddressForTransaction id
             * @property {string|null} [chatId] DeclineRequestAddressForTransaction chatId
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeclineRequestAddressForTransaction.
             * @memberof status.payload
             * @interface IDeclineRequestAddressForTransaction
             * @augments status.payload.DeclineRequestAddressForTransaction.$Properties
             * @deprecated Use status.payload.DeclineRequestAddressForTransaction.$Properties instead.
             */

            /**
             * Shape of a DeclineRequestAddressForTransaction.
             * @typedef {status.payload.DeclineRequestAddressForTransaction.$Properties} status.payload.DeclineRequestAddressForTransaction.$Shape
             */

            /**
             * Constructs a new DeclineRequestAddressForTransaction.
             * @memberof status.payload
             * @classdesc Represents a DeclineRequestAddressForTransaction.
             * @constructor
             * @param {status.payload.DeclineRequestAddressForTransaction.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeclineRequestAddressForTransaction = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeclineRequestAddressForTransaction clock.
             * @member {number|Long} clock
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @instance
             */
            DeclineRequestAddressForTransaction.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DeclineRequestAddressForTransaction id.
             * @member {string} id
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @instance
             */
            DeclineRequestAddressForTransaction.prototype.id = "";

            /**
             * DeclineRequestAddressForTransaction chatId.
             * @member {string} chatId
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @instance
             */
            DeclineRequestAddressForTransaction.prototype.chatId = "";

            /**
             * Creates a new DeclineRequestAddressForTransaction instance using the specified properties.
             * @function create
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {status.payload.DeclineRequestAddressForTransaction.$Properties=} [properties] Properties to set
             * @returns {status.payload.DeclineRequestAddressForTransaction} DeclineRequestAddressForTransaction instance
             * @type {{
             *   (properties: status.payload.DeclineRequestAddressForTransaction.$Shape): status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape;
             *   (properties?: status.payload.DeclineRequestAddressForTransaction.$Properties): status.payload.DeclineRequestAddressForTransaction;
             * }}
             */
            DeclineRequestAddressForTransaction.create = function(properties) {
                return new DeclineRequestAddressForTransaction(properties);
            };

            /**
             * Encodes the specified DeclineRequestAddressForTransaction message. Does not implicitly {@link status.payload.DeclineRequestAddressForTransaction.verify|verify} messages.
             * @function encode
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {status.payload.DeclineRequestAddressForTransaction.$Properties} message DeclineRequestAddressForTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeclineRequestAddressForTransaction.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.chatId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified DeclineRequestAddressForTransaction message, length delimited. Does not implicitly {@link status.payload.DeclineRequestAddressForTransaction.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {status.payload.DeclineRequestAddressForTransaction.$Properties} message DeclineRequestAddressForTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeclineRequestAddressForTransaction.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a DeclineRequestAddressForTransaction message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape} DeclineRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeclineRequestAddressForTransaction.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.DeclineRequestAddressForTransaction();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
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
             * Decodes a DeclineRequestAddressForTransaction message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.DeclineRequestAddressForTransaction & status.payload.DeclineRequestAddressForTransaction.$Shape} DeclineRequestAddressForTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeclineRequestAddressForTransaction.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a DeclineRequestAddressForTransaction message.
             * @function verify
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            DeclineRequestAddressForTransaction.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                return null;
            };

            /**
             * Creates a DeclineRequestAddressForTransaction message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.DeclineRequestAddressForTransaction} DeclineRequestAddressForTransaction
             */
            DeclineRequestAddressForTransaction.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.DeclineRequestAddressForTransaction)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.DeclineRequestAddressForTransaction: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.DeclineRequestAddressForTransaction();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                return message;
            };

            /**
             * Creates a plain object from a DeclineRequestAddressForTransaction message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {status.payload.DeclineRequestAddressForTransaction} message DeclineRequestAddressForTransaction
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            DeclineRequestAddressForTransaction.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                    object.chatId = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                return object;
            };

            /**
             * Converts this DeclineRequestAddressForTransaction to JSON.
             * @function toJSON
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            DeclineRequestAddressForTransaction.prototype.toJSON = function() {
                return DeclineRequestAddressForTransaction.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for DeclineRequestAddressForTransaction
             * @function getTypeUrl
             * @memberof status.payload.DeclineRequestAddressForTransaction
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            DeclineRequestAddressForTransaction.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.DeclineRequestAddressForTransaction";
            };

            return DeclineRequestAddressForTransaction;
        })();

        payload.RequestTransaction = (function() {

            /**
             * Properties of a RequestTransaction.
             * @typedef {Object} status.payload.RequestTransaction.$Properties
             * @property {number|Long|null} [clock] RequestTransaction clock
             * @property {string|null} [address] RequestTransaction address
             * @property {string|null} [value] RequestTransaction value
             * @property {string|null} [contract] RequestTransaction contract
             * @property {string|null} [chatId] RequestTransaction chatId
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RequestTransaction.
             * @memberof status.payload
             * @interface IRequestTransaction
             * @augments status.payload.RequestTransaction.$Properties
             * @deprecated Use status.payload.RequestTransaction.$Properties instead.
             */

            /**
             * Shape of a RequestTransaction.
             * @typedef {status.payload.RequestTransaction.$Properties} status.payload.RequestTransaction.$Shape
             */

            /**
             * Constructs a new RequestTransaction.
             * @memberof status.payload
             * @classdesc Represents a RequestTransaction.
             * @constructor
             * @param {status.payload.RequestTransaction.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RequestTransaction = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RequestTransaction clock.
             * @member {number|Long} clock
             * @memberof status.payload.RequestTransaction
             * @instance
             */
            RequestTransaction.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * RequestTransaction address.
             * @member {string} address
             * @memberof status.payload.RequestTransaction
             * @instance
             */
            RequestTransaction.prototype.address = "";

            /**
             * RequestTransaction value.
             * @member {string} value
             * @memberof status.payload.RequestTransaction
             * @instance
             */
            RequestTransaction.prototype.value = "";

            /**
             * RequestTransaction contract.
             * @member {string} contract
             * @memberof status.payload.RequestTransaction
             * @instance
             */
            RequestTransaction.prototype.contract = "";

            /**
             * RequestTransaction chatId.
             * @member {string} chatId
             * @memberof status.payload.RequestTransaction
             * @instance
             */
            RequestTransaction.prototype.chatId = "";

            /**
             * Creates a new RequestTransaction instance using the specified properties.
             * @function create
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {status.payload.RequestTransaction.$Properties=} [properties] Properties to set
             * @returns {status.payload.RequestTransaction} RequestTransaction instance
             * @type {{
             *   (properties: status.payload.RequestTransaction.$Shape): status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape;
             *   (properties?: status.payload.RequestTransaction.$Properties): status.payload.RequestTransaction;
             * }}
             */
            RequestTransaction.create = function(properties) {
                return new RequestTransaction(properties);
            };

            /**
             * Encodes the specified RequestTransaction message. Does not implicitly {@link status.payload.RequestTransaction.verify|verify} messages.
             * @function encode
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {status.payload.RequestTransaction.$Properties} message RequestTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RequestTransaction.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.address);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.value);
                if (message.contract != null && $Object.hasOwnProperty.call(message, "contract") && message.contract !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.contract);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.chatId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified RequestTransaction message, length delimited. Does not implicitly {@link status.payload.RequestTransaction.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {status.payload.RequestTransaction.$Properties} message RequestTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RequestTransaction.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a RequestTransaction message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape} RequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RequestTransaction.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.RequestTransaction();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.contract = value;
                            else
                                delete message.contract;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
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
             * Decodes a RequestTransaction message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.RequestTransaction & status.payload.RequestTransaction.$Shape} RequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RequestTransaction.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a RequestTransaction message.
             * @function verify
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            RequestTransaction.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                    if (!$util.isString(message.address))
                        return "address: string expected";
                if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                    if (!$util.isString(message.value))
                        return "value: string expected";
                if (message.contract != null && $Object.hasOwnProperty.call(message, "contract"))
                    if (!$util.isString(message.contract))
                        return "contract: string expected";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                return null;
            };

            /**
             * Creates a RequestTransaction message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.RequestTransaction} RequestTransaction
             */
            RequestTransaction.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.RequestTransaction)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.RequestTransaction: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.RequestTransaction();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.address != null)
                    if (typeof object.address !== "string" || object.address.length)
                        message.address = $String(object.address);
                if (object.value != null)
                    if (typeof object.value !== "string" || object.value.length)
                        message.value = $String(object.value);
                if (object.contract != null)
                    if (typeof object.contract !== "string" || object.contract.length)
                        message.contract = $String(object.contract);
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                return message;
            };

            /**
             * Creates a plain object from a RequestTransaction message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {status.payload.RequestTransaction} message RequestTransaction
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            RequestTransaction.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.address = "";
                    object.value = "";
                    object.contract = "";
                    object.chatId = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                    object.address = message.address;
                if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                    object.value = message.value;
                if (message.contract != null && $Object.hasOwnProperty.call(message, "contract"))
                    object.contract = message.contract;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                return object;
            };

            /**
             * Converts this RequestTransaction to JSON.
             * @function toJSON
             * @memberof status.payload.RequestTransaction
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            RequestTransaction.prototype.toJSON = function() {
                return RequestTransaction.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for RequestTransaction
             * @function getTypeUrl
             * @memberof status.payload.RequestTransaction
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            RequestTransaction.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.RequestTransaction";
            };

            return RequestTransaction;
        })();

        payload.SendTransaction = (function() {

            /**
             * Properties of a SendTransaction.
             * @typedef {Object} status.payload.SendTransaction.$Properties
             * @property {number|Long|null} [clock] SendTransaction clock
             * @property {string|null} [id] SendTransaction id
             * @property {string|null} [transactionHash] SendTransaction transactionHash
             * @property {Uint8Array|null} [signature] SendTransaction signature
             * @property {string|null} [chatId] SendTransaction chatId
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SendTransaction.
             * @memberof status.payload
             * @interface ISendTransaction
             * @augments status.payload.SendTransaction.$Properties
             * @deprecated Use status.payload.SendTransaction.$Properties instead.
             */

            /**
             * Shape of a SendTransaction.
             * @typedef {status.payload.SendTransaction.$Properties} status.payload.SendTransaction.$Shape
             */

            /**
             * Constructs a new SendTransaction.
             * @memberof status.payload
             * @classdesc Represents a SendTransaction.
             * @constructor
             * @param {status.payload.SendTransaction.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SendTransaction = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SendTransaction clock.
             * @member {number|Long} clock
             * @memberof status.payload.SendTransaction
             * @instance
             */
            SendTransaction.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SendTransaction id.
             * @member {string} id
             * @memberof status.payload.SendTransaction
             * @instance
             */
            SendTransaction.prototype.id = "";

            /**
             * SendTransaction transactionHash.
             * @member {string} transactionHash
             * @memberof status.payload.SendTransaction
             * @instance
             */
            SendTransaction.prototype.transactionHash = "";

            /**
             * SendTransaction signature.
             * @member {Uint8Array|null|undefined} signature
             * @memberof status.payload.SendTransaction
             * @instance
             */
            SendTransaction.prototype.signature = null;

            /**
             * SendTransaction chatId.
             * @member {string} chatId
             * @memberof status.payload.SendTransaction
             * @instance
             */
            SendTransaction.prototype.chatId = "";

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(SendTransaction.prototype, "_signature", {
                get: $util.oneOfGetter($oneOfFields = ["signature"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new SendTransaction instance using the specified properties.
             * @function create
             * @memberof status.payload.SendTransaction
             * @static
             * @param {status.payload.SendTransaction.$Properties=} [properties] Properties to set
             * @returns {status.payload.SendTransaction} SendTransaction instance
             * @type {{
             *   (properties: status.payload.SendTransaction.$Shape): status.payload.SendTransaction & status.payload.SendTransaction.$Shape;
             *   (properties?: status.payload.SendTransaction.$Properties): status.payload.SendTransaction;
             * }}
             */
            SendTransaction.create = function(properties) {
                return new SendTransaction(properties);
            };

            /**
             * Encodes the specified SendTransaction message. Does not implicitly {@link status.payload.SendTransaction.verify|verify} messages.
             * @function encode
             * @memberof status.payload.SendTransaction
             * @static
             * @param {status.payload.SendTransaction.$Properties} message SendTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SendTransaction.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.transactionHash != null && $Object.hasOwnProperty.call(message, "transactionHash") && message.transactionHash !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.transactionHash);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.signature);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.chatId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified SendTransaction message, length delimited. Does not implicitly {@link status.payload.SendTransaction.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.SendTransaction
             * @static
             * @param {status.payload.SendTransaction.$Properties} message SendTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SendTransaction.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a SendTransaction message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.SendTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.SendTransaction & status.payload.SendTransaction.$Shape} SendTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SendTransaction.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.SendTransaction();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.transactionHash = value;
                            else
                                delete message.transactionHash;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.signature = reader.bytes();
                            message._signature = "signature";
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
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
             * Decodes a SendTransaction message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.SendTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.SendTransaction & status.payload.SendTransaction.$Shape} SendTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SendTransaction.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a SendTransaction message.
             * @function verify
             * @memberof status.payload.SendTransaction
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            SendTransaction.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                let properties = {};
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                if (message.transactionHash != null && $Object.hasOwnProperty.call(message, "transactionHash"))
                    if (!$util.isString(message.transactionHash))
                        return "transactionHash: string expected";
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature")) {
                    properties._signature = 1;
                    if (!(message.signature && typeof message.signature.length === "number" || $util.isString(message.signature)))
                        return "signature: buffer expected";
                }
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                return null;
            };

            /**
             * Creates a SendTransaction message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.SendTransaction
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.SendTransaction} SendTransaction
             */
            SendTransaction.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.SendTransaction)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.SendTransaction: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.SendTransaction();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.transactionHash != null)
                    if (typeof object.transactionHash !== "string" || object.transactionHash.length)
                        message.transactionHash = $String(object.transactionHash);
                if (object.signature != null)
                    if (typeof object.signature === "string")
                        $util.base64.decode(object.signature, message.signature = $util.newBuffer($util.base64.length(object.signature)), 0);
                    else if (object.signature.length >= 0)
                        message.signature = object.signature;
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                return message;
            };

            /**
             * Creates a plain object from a SendTransaction message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.SendTransaction
             * @static
             * @param {status.payload.SendTransaction} message SendTransaction
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SendTransaction.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                    object.transactionHash = "";
                    object.chatId = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.transactionHash != null && $Object.hasOwnProperty.call(message, "transactionHash"))
                    object.transactionHash = message.transactionHash;
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                    object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                return object;
            };

            /**
             * Converts this SendTransaction to JSON.
             * @function toJSON
             * @memberof status.payload.SendTransaction
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SendTransaction.prototype.toJSON = function() {
                return SendTransaction.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for SendTransaction
             * @function getTypeUrl
             * @memberof status.payload.SendTransaction
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            SendTransaction.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.SendTransaction";
            };

            return SendTransaction;
        })();

        payload.DeclineRequestTransaction = (function() {

            /**
             * Properties of a DeclineRequestTransaction.
             * @typedef {Object} status.payload.DeclineRequestTransaction.$Properties
             * @property {number|Long|null} [clock] DeclineRequestTransaction clock
             * @property {string|null} [id] DeclineRequestTransaction id
             * @property {string|null} [chatId] DeclineRequestTransaction chatId
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeclineRequestTransaction.
             * @memberof status.payload
             * @interface IDeclineRequestTransaction
             * @augments status.payload.DeclineRequestTransaction.$Properties
             * @deprecated Use status.payload.DeclineRequestTransaction.$Properties instead.
             */

            /**
             * Shape of a DeclineRequestTransaction.
             * @typedef {status.payload.DeclineRequestTransaction.$Properties} status.payload.DeclineRequestTransaction.$Shape
             */

            /**
             * Constructs a new DeclineRequestTransaction.
             * @memberof status.payload
             * @classdesc Represents a DeclineRequestTransaction.
             * @constructor
             * @param {status.payload.DeclineRequestTransaction.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeclineRequestTransaction = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeclineRequestTransaction clock.
             * @member {number|Long} clock
             * @memberof status.payload.DeclineRequestTransaction
             * @instance
             */
            DeclineRequestTransaction.prototype.clock = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DeclineRequestTransaction id.
             * @member {string} id
             * @memberof status.payload.DeclineRequestTransaction
             * @instance
             */
            DeclineRequestTransaction.prototype.id = "";

            /**
             * DeclineRequestTransaction chatId.
             * @member {string} chatId
             * @memberof status.payload.DeclineRequestTransaction
             * @instance
             */
            DeclineRequestTransaction.prototype.chatId = "";

            /**
             * Creates a new DeclineRequestTransaction instance using the specified properties.
             * @function create
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {status.payload.DeclineRequestTransaction.$Properties=} [properties] Properties to set
             * @returns {status.payload.DeclineRequestTransaction} DeclineRequestTransaction instance
             * @type {{
             *   (properties: status.payload.DeclineRequestTransaction.$Shape): status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape;
             *   (properties?: status.payload.DeclineRequestTransaction.$Properties): status.payload.DeclineRequestTransaction;
             * }}
             */
            DeclineRequestTransaction.create = function(properties) {
                return new DeclineRequestTransaction(properties);
            };

            /**
             * Encodes the specified DeclineRequestTransaction message. Does not implicitly {@link status.payload.DeclineRequestTransaction.verify|verify} messages.
             * @function encode
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {status.payload.DeclineRequestTransaction.$Properties} message DeclineRequestTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeclineRequestTransaction.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && (typeof message.clock === "object" ? message.clock.low || message.clock.high : message.clock !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.clock);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.id);
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId") && message.chatId !== "")
                    writer.uint32(/* id 1001, wireType 2 =*/8010).string(message.chatId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified DeclineRequestTransaction message, length delimited. Does not implicitly {@link status.payload.DeclineRequestTransaction.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {status.payload.DeclineRequestTransaction.$Properties} message DeclineRequestTransaction message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeclineRequestTransaction.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a DeclineRequestTransaction message from the specified reader or buffer.
             * @function decode
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape} DeclineRequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeclineRequestTransaction.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.payload.DeclineRequestTransaction();
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
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 1001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.chatId = value;
                            else
                                delete message.chatId;
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
             * Decodes a DeclineRequestTransaction message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.payload.DeclineRequestTransaction & status.payload.DeclineRequestTransaction.$Shape} DeclineRequestTransaction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeclineRequestTransaction.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a DeclineRequestTransaction message.
             * @function verify
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            DeclineRequestTransaction.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (!$util.isInteger(message.clock) && !(message.clock && $util.isInteger(message.clock.low) && $util.isInteger(message.clock.high)))
                        return "clock: integer|Long expected";
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isString(message.id))
                        return "id: string expected";
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    if (!$util.isString(message.chatId))
                        return "chatId: string expected";
                return null;
            };

            /**
             * Creates a DeclineRequestTransaction message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.payload.DeclineRequestTransaction} DeclineRequestTransaction
             */
            DeclineRequestTransaction.fromObject = function (object, _depth) {
                if (object instanceof $root.status.payload.DeclineRequestTransaction)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.payload.DeclineRequestTransaction: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.payload.DeclineRequestTransaction();
                if (object.clock != null)
                    if (typeof object.clock === "object" ? object.clock.low || object.clock.high : $Number(object.clock) !== 0)
                        if ($util.Long)
                            message.clock = $util.Long.fromValue(object.clock, true);
                        else if (typeof object.clock === "string")
                            message.clock = $parseInt(object.clock, 10);
                        else if (typeof object.clock === "number")
                            message.clock = object.clock;
                        else if (typeof object.clock === "object")
                            message.clock = new $util.LongBits(object.clock.low >>> 0, object.clock.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.chatId != null)
                    if (typeof object.chatId !== "string" || object.chatId.length)
                        message.chatId = $String(object.chatId);
                return message;
            };

            /**
             * Creates a plain object from a DeclineRequestTransaction message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {status.payload.DeclineRequestTransaction} message DeclineRequestTransaction
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            DeclineRequestTransaction.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.clock = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.clock = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.id = "";
                    object.chatId = "";
                }
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.clock = typeof message.clock === "number" ? $BigInt(message.clock) : $util.Long.fromBits(message.clock.low >>> 0, message.clock.high >>> 0, true).toBigInt();
                    else if (typeof message.clock === "number")
                        object.clock = options.longs === $String ? $String(message.clock) : message.clock;
                    else
                        object.clock = options.longs === $String ? $util.Long.prototype.toString.call(message.clock) : options.longs === $Number ? new $util.LongBits(message.clock.low >>> 0, message.clock.high >>> 0).toNumber(true) : message.clock;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.chatId != null && $Object.hasOwnProperty.call(message, "chatId"))
                    object.chatId = message.chatId;
                return object;
            };

            /**
             * Converts this DeclineRequestTransaction to JSON.
             * @function toJSON
             * @memberof status.payload.DeclineRequestTransaction
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            DeclineRequestTransaction.prototype.toJSON = function() {
                return DeclineRequestTransaction.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for DeclineRequestTransaction
             * @function getTypeUrl
             * @memberof status.payload.DeclineRequestTransaction
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            DeclineRequestTransaction.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.payload.DeclineRequestTransaction";
            };

            return DeclineRequestTransaction;
        })();

        return payload;
    })();

    return status;
})();

export {
  $root as default
};
