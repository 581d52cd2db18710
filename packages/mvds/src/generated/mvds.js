/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $Array = $util.global.Array, $TypeError = $util.global.TypeError, $String = $util.global.String, $Number = $util.global.Number, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt;

// Exported root namespace
const $root = $protobuf.roots["mvds"] || ($protobuf.roots["mvds"] = {});

export const status = $root.status = (() => {

    /**
     * Namespace status.
     * @exports status
     * @namespace
     */
    const status = {};

    status.mvds = (function() {

        /**
         * Namespace mvds.
         * @memberof status
         * @namespace
         */
        const mvds = {};

        mvds.Payload = (function() {

            /**
             * Properties of a Payload.
             * @typedef {Object} status.mvds.Payload.$Properties
             * @property {Array.<Uint8Array>|null} [acks] Payload acks
             * @property {Array.<Uint8Array>|null} [offers] Payload offers
             * @property {Array.<Uint8Array>|null} [requests] Payload requests
             * @property {Array.<status.mvds.Message.$Properties>|null} [messages] Payload messages
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Payload.
             * @memberof status.mvds
             * @interface IPayload
             * @augments status.mvds.Payload.$Properties
             * @deprecated Use status.mvds.Payload.$Properties instead.
             */

            /**
             * Shape of a Payload.
             * @typedef {status.mvds.Payload.$Properties} status.mvds.Payload.$Shape
             */

            /**
             * Constructs a new Payload.
             * @memberof status.mvds
             * @classdesc Represents a Payload.
             * @constructor
             * @param {status.mvds.Payload.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Payload = function (properties) {
                this.acks = [];
                this.offers = [];
                this.requests = [];
                this.messages = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Payload acks.
             * @member {Array.<Uint8Array>} acks
             * @memberof status.mvds.Payload
             * @instance
             */
            Payload.prototype.acks = $util.emptyArray;

            /**
             * Payload offers.
             * @member {Array.<Uint8Array>} offers
             * @memberof status.mvds.Payload
             * @instance
             */
            Payload.prototype.offers = $util.emptyArray;

            /**
             * Payload requests.
             * @member {Array.<Uint8Array>} requests
             * @memberof status.mvds.Payload
             * @instance
             */
            Payload.prototype.requests = $util.emptyArray;

            /**
             * Payload messages.
             * @member {Array.<status.mvds.Message.$Properties>} messages
             * @memberof status.mvds.Payload
             * @instance
             */
            Payload.prototype.messages = $util.emptyArray;

            /**
             * Creates a new Payload instance using the specified properties.
             * @function create
             * @memberof status.mvds.Payload
             * @static
             * @param {status.mvds.Payload.$Properties=} [properties] Properties to set
             * @returns {status.mvds.Payload} Payload instance
             * @type {{
             *   (properties: status.mvds.Payload.$Shape): status.mvds.Payload & status.mvds.Payload.$Shape;
             *   (properties?: status.mvds.Payload.$Properties): status.mvds.Payload;
             * }}
             */
            Payload.create = function(properties) {
                return new Payload(properties);
            };

            /**
             * Encodes the specified Payload message. Does not implicitly {@link status.mvds.Payload.verify|verify} messages.
             * @function encode
             * @memberof status.mvds.Payload
             * @static
             * @param {status.mvds.Payload.$Properties} message Payload message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Payload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.acks != null && message.acks.length)
                    for (let i = 0; i < message.acks.length; ++i)
                        writer.uint32(/* id 5001, wireType 2 =*/40010).bytes(message.acks[i]);
                if (message.offers != null && message.offers.length)
                    for (let i = 0; i < message.offers.length; ++i)
                        writer.uint32(/* id 5002, wireType 2 =*/40018).bytes(message.offers[i]);
                if (message.requests != null && message.requests.length)
                    for (let i = 0; i < message.requests.length; ++i)
                        writer.uint32(/* id 5003, wireType 2 =*/40026).bytes(message.requests[i]);
                if (message.messages != null && message.messages.length)
                    for (let i = 0; i < message.messages.length; ++i)
                        $root.status.mvds.Message.encode(message.messages[i], writer.uint32(/* id 5004, wireType 2 =*/40034).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified Payload message, length delimited. Does not implicitly {@link status.mvds.Payload.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.mvds.Payload
             * @static
             * @param {status.mvds.Payload.$Properties} message Payload message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Payload.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a Payload message from the specified reader or buffer.
             * @function decode
             * @memberof status.mvds.Payload
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.mvds.Payload & status.mvds.Payload.$Shape} Payload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Payload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.status.mvds.Payload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 5001: {
                            if (wireType !== 2)
                                break;
                            if (!(message.acks && message.acks.length))
                                message.acks = [];
                            message.acks.push(reader.bytes());
                            continue;
                        }
                    case 5002: {
                            if (wireType !== 2)
                                break;
                            if (!(message.offers && message.offers.length))
                                message.offers = [];
                            message.offers.push(reader.bytes());
                            continue;
                        }
                    case 5003: {
                            if (wireType !== 2)
                                break;
                            if (!(message.requests && message.requests.length))
                                message.requests = [];
                            message.requests.push(reader.bytes());
                            continue;
                        }
                    case 5004: {
                            if (wireType !== 2)
                                break;
                            if (!(message.messages && message.messages.length))
                                message.messages = [];
                            message.messages.push($root.status.mvds.Message.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Decodes a Payload message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.mvds.Payload
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.mvds.Payload & status.mvds.Payload.$Shape} Payload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Payload.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a Payload message.
             * @function verify
             * @memberof status.mvds.Payload
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            Payload.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.acks != null && $Object.hasOwnProperty.call(message, "acks")) {
                    if (!$Array.isArray(message.acks))
                        return "acks: array expected";
                    for (let i = 0; i < message.acks.length; ++i)
                        if (!(message.acks[i] && typeof message.acks[i].length === "number" || $util.isString(message.acks[i])))
                            return "acks: buffer[] expected";
                }
                if (message.offers != null && $Object.hasOwnProperty.call(message, "offers")) {
                    if (!$Array.isArray(message.offers))
                        return "offers: array expected";
                    for (let i = 0; i < message.offers.length; ++i)
                        if (!(message.offers[i] && typeof message.offers[i].length === "number" || $util.isString(message.offers[i])))
                            return "offers: buffer[] expected";
                }
                if (message.requests != null && $Object.hasOwnProperty.call(message, "requests")) {
                    if (!$Array.isArray(message.requests))
                        return "requests: array expected";
                    for (let i = 0; i < message.requests.length; ++i)
                        if (!(message.requests[i] && typeof message.requests[i].length === "number" || $util.isString(message.requests[i])))
                            return "requests: buffer[] expected";
                }
                if (message.messages != null && $Object.hasOwnProperty.call(message, "messages")) {
                    if (!$Array.isArray(message.messages))
                        return "messages: array expected";
                    for (let i = 0; i < message.messages.length; ++i) {
                        let error = $root.status.mvds.Message.verify(message.messages[i], _depth + 1);
                        if (error)
                            return "messages." + error;
                    }
                }
                return null;
            };

            /**
             * Creates a Payload message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.mvds.Payload
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.mvds.Payload} Payload
             */
            Payload.fromObject = function (object, _depth) {
                if (object instanceof $root.status.mvds.Payload)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.mvds.Payload: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.mvds.Payload();
                if (object.acks) {
                    if (!$Array.isArray(object.acks))
                        throw $TypeError(".status.mvds.Payload.acks: array expected");
                    message.acks = $Array(object.acks.length);
                    for (let i = 0; i < object.acks.length; ++i)
                        if (typeof object.acks[i] === "string")
                            $util.base64.decode(object.acks[i], message.acks[i] = $util.newBuffer($util.base64.length(object.acks[i])), 0);
                        else if (object.acks[i].length >= 0)
                            message.acks[i] = object.acks[i];
                }
                if (object.offers) {
                    if (!$Array.isArray(object.offers))
                        throw $TypeError(".status.mvds.Payload.offers: array expected");
                    message.offers = $Array(object.offers.length);
                    for (let i = 0; i < object.offers.length; ++i)
                        if (typeof object.offers[i] === "string")
                            $util.base64.decode(object.offers[i], message.offers[i] = $util.newBuffer($util.base64.length(object.offers[i])), 0);
                        else if (object.offers[i].length >= 0)
                            message.offers[i] = object.offers[i];
                }
                if (object.requests) {
                    if (!$Array.isArray(object.requests))
                        throw $TypeError(".status.mvds.Payload.requests: array expected");
                    message.requests = $Array(object.requests.length);
                    for (let i = 0; i < object.requests.length; ++i)
                        if (typeof object.requests[i] === "string")
                            $util.base64.decode(object.requests[i], message.requests[i] = $util.newBuffer($util.base64.length(object.requests[i])), 0);
                        else if (object.requests[i].length >= 0)
                            message.requests[i] = object.requests[i];
                }
                if (object.messages) {
                    if (!$Array.isArray(object.messages))
                        throw $TypeError(".status.mvds.Payload.messages: array expected");
                    message.messages = $Array(object.messages.length);
                    for (let i = 0; i < object.messages.length; ++i) {
                        if (!$util.isObject(object.messages[i]))
                            throw $TypeError(".status.mvds.Payload.messages: object expected");
                        message.messages[i] = $root.status.mvds.Message.fromObject(object.messages[i], _depth + 1);
                    }
                }
                return message;
            };

            /**
             * Creates a plain object from a Payload message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.mvds.Payload
             * @static
             * @param {status.mvds.Payload} message Payload
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Payload.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.acks = [];
                    object.offers = [];
                    object.requests = [];
                    object.messages = [];
                }
                if (message.acks && message.acks.length) {
                    object.acks = $Array(message.acks.length);
                    for (let j = 0; j < message.acks.length; ++j)
                        object.acks[j] = options.bytes === $String ? $util.base64.encode(message.acks[j], 0, message.acks[j].length) : options.bytes === $Array ? $Array.prototype.slice.call(message.acks[j]) : message.acks[j];
                }
                if (message.offers && message.offers.length) {
                    object.offers = $Array(message.offers.length);
                    for (let j = 0; j < message.offers.length; ++j)
                        object.offers[j] = options.bytes === $String ? $util.base64.encode(message.offers[j], 0, message.offers[j].length) : options.bytes === $Array ? $Array.prototype.slice.call(message.offers[j]) : message.offers[j];
                }
                if (message.requests && message.requests.length) {
                    object.requests = $Array(message.requests.length);
                    for (let j = 0; j < message.requests.length; ++j)
                        object.requests[j] = options.bytes === $String ? $util.base64.encode(message.requests[j], 0, message.requests[j].length) : options.bytes === $Array ? $Array.prototype.slice.call(message.requests[j]) : message.requests[j];
                }
                if (message.messages && message.messages.length) {
                    object.messages = $Array(message.messages.length);
                    for (let j = 0; j < message.messages.length; ++j)
                        object.messages[j] = $root.status.mvds.Message.toObject(message.messages[j], options, _depth + 1);
                }
                return object;
            };

            /**
             * Converts this Payload to JSON.
             * @function toJSON
             * @memberof status.mvds.Payload
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Payload.prototype.toJSON = function() {
                return Payload.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for Payload
             * @function getTypeUrl
             * @memberof status.mvds.Payload
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Payload.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.mvds.Payload";
            };

            return Payload;
        })();

        mvds.Message = (function() {

            /**
             * Properties of a Message.
             * @typedef {Object} status.mvds.Message.$Properties
             * @property {Uint8Array|null} [groupId] Message groupId
             * @property {number|Long|null} [timestamp] Message timestamp
             * @property {Uint8Array|null} [body] Message body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Message.
             * @memberof status.mvds
             * @interface IMessage
             * @augments status.mvds.Message.$Properties
             * @deprecated Use status.mvds.Message.$Properties instead.
             */

            /**
             * Shape of a Message.
             * @typedef {status.mvds.Message.$Properties} status.mvds.Message.$Shape
             */

            /**
             * Constructs a new Message.
             * @memberof status.mvds
             * @classdesc Represents a Message.
             * @constructor
             * @param {status.mvds.Message.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Message = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Message groupId.
             * @member {Uint8Array} groupId
             * @memberof status.mvds.Message
             * @instance
             */
            Message.prototype.groupId = $util.newBuffer([]);

            /**
             * Message timestamp.
             * @member {number|Long} timestamp
             * @memberof status.mvds.Message
             * @instance
             */
            Message.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Message body.
             * @member {Uint8Array} body
             * @memberof status.mvds.Message
             * @instance
             */
            Message.prototype.body = $util.newBuffer([]);

            /**
             * Creates a new Message instance using the specified properties.
             * @function create
             * @memberof status.mvds.Message
             * @static
             * @param {status.mvds.Message.$Properties=} [properties] Properties to set
             * @returns {status.mvds.Message} Message instance
             * @type {{
             *   (properties: status.mvds.Message.$Shape): status.mvds.Message & status.mvds.Message.$Shape;
             *   (properties?: status.mvds.Message.$Properties): status.mvds.Message;
             * }}
             */
            Message.create = function(properties) {
                return new Message(properties);
            };

            /**
             * Encodes the specified Message message. Does not implicitly {@link status.mvds.Message.verify|verify} messages.
             * @function encode
             * @memberof status.mvds.Message
             * @static
             * @param {status.mvds.Message.$Properties} message Message message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Message.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId") && message.groupId.length)
                    writer.uint32(/* id 6001, wireType 2 =*/48010).bytes(message.groupId);
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                    writer.uint32(/* id 6002, wireType 0 =*/48016).int64(message.timestamp);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(/* id 6003, wireType 2 =*/48026).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Encodes the specified Message message, length delimited. Does not implicitly {@link status.mvds.Message.verify|verify} messages.
             * @function encodeDelimited
             * @memberof status.mvds.Message
             * @static
             * @param {status.mvds.Message.$Properties} message Message message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Message.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            /**
             * Decodes a Message message from the specified reader or buffer.
             * @function decode
             * @memberof status.mvds.Message
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {status.mvds.Message & status.mvds.Message.$Shape} Message
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Message.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.status.mvds.Message();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 6001: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.groupId = value;
                            else
                                delete message.groupId;
                            continue;
                        }
                    case 6002: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.timestamp = value;
                            else
                                delete message.timestamp;
                            continue;
                        }
                    case 6003: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
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
             * Decodes a Message message from the specified reader or buffer, length delimited.
             * @function decodeDelimited
             * @memberof status.mvds.Message
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @returns {status.mvds.Message & status.mvds.Message.$Shape} Message
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Message.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            /**
             * Verifies a Message message.
             * @function verify
             * @memberof status.mvds.Message
             * @static
             * @param {Object.<string,*>} message Plain object to verify
             * @returns {string|null} `null` if valid, otherwise the reason why it is not
             */
            Message.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId"))
                    if (!(message.groupId && typeof message.groupId.length === "number" || $util.isString(message.groupId)))
                        return "groupId: buffer expected";
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                    if (!$util.isInteger(message.timestamp) && !(message.timestamp && $util.isInteger(message.timestamp.low) && $util.isInteger(message.timestamp.high)))
                        return "timestamp: integer|Long expected";
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    if (!(message.body && typeof message.body.length === "number" || $util.isString(message.body)))
                        return "body: buffer expected";
                return null;
            };

            /**
             * Creates a Message message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof status.mvds.Message
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {status.mvds.Message} Message
             */
            Message.fromObject = function (object, _depth) {
                if (object instanceof $root.status.mvds.Message)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".status.mvds.Message: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.status.mvds.Message();
                if (object.groupId != null)
                    if (object.groupId.length)
                        if (typeof object.groupId === "string")
                            $util.base64.decode(object.groupId, message.groupId = $util.newBuffer($util.base64.length(object.groupId)), 0);
                        else if (object.groupId.length >= 0)
                            message.groupId = object.groupId;
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
                if (object.body != null)
                    if (object.body.length)
                        if (typeof object.body === "string")
                            $util.base64.decode(object.body, message.body = $util.newBuffer($util.base64.length(object.body)), 0);
                        else if (object.body.length >= 0)
                            message.body = object.body;
                return message;
            };

            /**
             * Creates a plain object from a Message message. Also converts values to other types if specified.
             * @function toObject
             * @memberof status.mvds.Message
             * @static
             * @param {status.mvds.Message} message Message
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Message.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if (options.bytes === $String)
                        object.groupId = "";
                    else {
                        object.groupId = [];
                        if (options.bytes !== $Array)
                            object.groupId = $util.newBuffer(object.groupId);
                    }
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.timestamp = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.timestamp = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if (options.bytes === $String)
                        object.body = "";
                    else {
                        object.body = [];
                        if (options.bytes !== $Array)
                            object.body = $util.newBuffer(object.body);
                    }
                }
                if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId"))
                    object.groupId = options.bytes === $String ? $util.base64.encode(message.groupId, 0, message.groupId.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.groupId) : message.groupId;
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.timestamp = typeof message.timestamp === "number" ? $BigInt(message.timestamp) : $util.Long.fromBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0, false).toBigInt();
                    else if (typeof message.timestamp === "number")
                        object.timestamp = options.longs === $String ? $String(message.timestamp) : message.timestamp;
                    else
                        object.timestamp = options.longs === $String ? $util.Long.prototype.toString.call(message.timestamp) : options.longs === $Number ? new $util.LongBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0).toNumber() : message.timestamp;
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    object.body = options.bytes === $String ? $util.base64.encode(message.body, 0, message.body.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.body) : message.body;
                return object;
            };

            /**
             * Converts this Message to JSON.
             * @function toJSON
             * @memberof status.mvds.Message
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Message.prototype.toJSON = function() {
                return Message.toObject(this, $protobuf.util.toJSONOptions);
            };

            /**
             * Gets the type url for Message
             * @function getTypeUrl
             * @memberof status.mvds.Message
             * @static
             * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
             * @returns {string} The type url
             */
            Message.getTypeUrl = function(prefix) {
                if (prefix === $undefined)
                    prefix = "type.googleapis.com";
                return prefix + "/status.mvds.Message";
            };

            return Message;
        })();

        return mvds;
    })();

    return status;
})();

export {
  $root as default
};
