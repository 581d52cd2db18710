/**
 * Plain values that hold key material: `console.log`, `JSON.stringify` and template texts show their name only, so
 * that no secret reaches a log by accident.
 */

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Makes constructors of concealed values of one kind. Spreading a concealed value gives an ordinary one: wrap it again. */
export function concealed(name: string): <Fields extends object>(fields: Fields) => Fields {
  const shown = () => `[${name}]`
  const prototype: object = Object.create(Object.prototype, {
    toJSON: { value: shown },
    toString: { value: shown },
    [INSPECT]: { value: shown },
  })
  return (fields) => Object.assign(Object.create(prototype), fields)
}
