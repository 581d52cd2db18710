/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $String = $util.global.String, $Array = $util.global.Array;

// Exported root namespace
const $root = $protobuf.roots["payload-v0"] || ($protobuf.roots["payload-v0"] = {});

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

        payload.v0 = (function() {

            /**
             * Namespace v0.
             * @memberof status.payload
             * @namespace
             */
            const v0 = {};

            v0.StatusProtocolMessage = (function() {

                /**
                 * Properties of a StatusProtocolMessage.
                 * @typedef {Object} status.payload.v0.StatusProtocolMessage.$Properties
                 * @property {Uint8Array|null} [signature] StatusProtocolMessage signature
                 * @property {Uint8Array|null} [payload] StatusProtocolMessage payload
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StatusProtocolMessage.
                 * @memberof status.payload.v0
                 * @interface IStatusProtocolMessage
                 * @augments status.payload.v0.StatusProtocolMessage.$Properties
                 * @deprecated Use status.payload.v0.StatusProtocolMessage.$Properties instead.
                 */

                /**
                 * Shape of a StatusProtocolMessage.
                 * @typedef {status.payload.v0.StatusProtocolMessage.$Properties} status.payload.v0.StatusProtocolMessage.$Shape
                 */

                /**
                 * Constructs a new StatusProtocolMessage.
                 * @memberof status.payload.v0
                 * @classdesc Represents a StatusProtocolMessage.
                 * @constructor
                 * @param {status.payload.v0.StatusProtocolMessage.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StatusProtocolMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * StatusProtocolMessage signature.
                 * @member {Uint8Array|null|undefined} signature
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @instance
                 */
                StatusProtocolMessage.prototype.signature = null;

                /**
                 * StatusProtocolMessage payload.
                 * @member {Uint8Array} payload
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @instance
                 */
                StatusProtocolMessage.prototype.payload = $util.newBuffer([]);

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                // Virtual OneOf for proto3 optional field
                $Object.defineProperty(StatusProtocolMessage.prototype, "_signature", {
                    get: $util.oneOfGetter($oneOfFields = ["signature"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new StatusProtocolMessage instance using the specified properties.
                 * @function create
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {status.payload.v0.StatusProtocolMessage.$Properties=} [properties] Properties to set
                 * @returns {status.payload.v0.StatusProtocolMessage} StatusProtocolMessage instance
                 * @type {{
                 *   (properties: status.payload.v0.StatusProtocolMessage.$Shape): status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape;
                 *   (properties?: status.payload.v0.StatusProtocolMessage.$Properties): status.payload.v0.StatusProtocolMessage;
                 * }}
                 */
                StatusProtocolMessage.create = function(properties) {
                    return new StatusProtocolMessage(properties);
                };

                /**
                 * Encodes the specified StatusProtocolMessage message. Does not implicitly {@link status.payload.v0.StatusProtocolMessage.verify|verify} messages.
                 * @function encode
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {status.payload.v0.StatusProtocolMessage.$Properties} message StatusProtocolMessage message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StatusProtocolMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                        writer.uint32(/* id 4001, wireType 2 =*/32010).bytes(message.signature);
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                        writer.uint32(/* id 4002, wireType 2 =*/32018).bytes(message.payload);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Encodes the specified StatusProtocolMessage message, length delimited. Does not implicitly {@link status.payload.v0.StatusProtocolMessage.verify|verify} messages.
                 * @function encodeDelimited
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {status.payload.v0.StatusProtocolMessage.$Properties} message StatusProtocolMessage message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StatusProtocolMessage.encodeDelimited = function(message, writer) {
                    return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
                };

                /**
                 * Decodes a StatusProtocolMessage message from the specified reader or buffer.
                 * @function decode
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape} StatusProtocolMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StatusProtocolMessage.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.status.payload.v0.StatusProtocolMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 4001: {
                                if (wireType !== 2)
                                    break;
                                message.signature = reader.bytes();
                                message._signature = "signature";
                                continue;
                            }
                        case 4002: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.payload = value;
                                else
                                    delete message.payload;
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
                 * Decodes a StatusProtocolMessage message from the specified reader or buffer, length delimited.
                 * @function decodeDelimited
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @returns {status.payload.v0.StatusProtocolMessage & status.payload.v0.StatusProtocolMessage.$Shape} StatusProtocolMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StatusProtocolMessage.decodeDelimited = function(reader) {
                    if (!(reader instanceof $Reader))
                        reader = new $Reader(reader);
                    return this.decode(reader, reader.size());
                };

                /**
                 * Verifies a StatusProtocolMessage message.
                 * @function verify
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {Object.<string,*>} message Plain object to verify
                 * @returns {string|null} `null` if valid, otherwise the reason why it is not
                 */
                StatusProtocolMessage.verify = function (message, _depth) {
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
                    return null;
                };

                /**
                 * Creates a StatusProtocolMessage message from a plain object. Also converts values to their respective internal types.
                 * @function fromObject
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {Object.<string,*>} object Plain object
                 * @returns {status.payload.v0.StatusProtocolMessage} StatusProtocolMessage
                 */
                StatusProtocolMessage.fromObject = function (object, _depth) {
                    if (object instanceof $root.status.payload.v0.StatusProtocolMessage)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".status.payload.v0.StatusProtocolMessage: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.status.payload.v0.StatusProtocolMessage();
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
                    return message;
                };

                /**
                 * Creates a plain object from a StatusProtocolMessage message. Also converts values to other types if specified.
                 * @function toObject
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {status.payload.v0.StatusProtocolMessage} message StatusProtocolMessage
                 * @param {$protobuf.IConversionOptions} [options] Conversion options
                 * @returns {Object.<string,*>} Plain object
                 */
                StatusProtocolMessage.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.defaults)
                        if (options.bytes === $String)
                            object.payload = "";
                        else {
                            object.payload = [];
                            if (options.bytes !== $Array)
                                object.payload = $util.newBuffer(object.payload);
                        }
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature"))
                        object.signature = options.bytes === $String ? $util.base64.encode(message.signature, 0, message.signature.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.signature) : message.signature;
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                        object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                    return object;
                };

                /**
                 * Converts this StatusProtocolMessage to JSON.
                 * @function toJSON
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @instance
                 * @returns {Object.<string,*>} JSON object
                 */
                StatusProtocolMessage.prototype.toJSON = function() {
                    return StatusProtocolMessage.toObject(this, $protobuf.util.toJSONOptions);
                };

                /**
                 * Gets the type url for StatusProtocolMessage
                 * @function getTypeUrl
                 * @memberof status.payload.v0.StatusProtocolMessage
                 * @static
                 * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
                 * @returns {string} The type url
                 */
                StatusProtocolMessage.getTypeUrl = function(prefix) {
                    if (prefix === $undefined)
                        prefix = "type.googleapis.com";
                    return prefix + "/status.payload.v0.StatusProtocolMessage";
                };

                return StatusProtocolMessage;
            })();

            return v0;
        })();

        return payload;
    })();

    return status;
})();

export {
  $root as default
};
