import { to0xHex } from '@status-protocol/bytes'
import type { MessageIdText, Messenger } from '@status-protocol/messenger'
import type { Handlers } from '@status-protocol/rpc'
import { parsePerson } from '../names.ts'
import type { GROUP_ROUTES } from './group-routes.ts'
import { groupView } from './group-view.ts'

export function groupHandlersFor({ groups }: Messenger): Handlers<typeof GROUP_ROUTES> {
  const people = (keys: readonly string[]) => keys.map((key, at) => parsePerson(key, `members[${at}]`))
  return {
    'group.create': async ({ name, members = [], generation }) =>
      groupView(await groups.create(name, people(members), generation ? { generation } : {})),
    'group.invite': async ({ group, members }) => groupView(await groups.invite(group, people(members))),
    'group.accept': async ({ group }) => groupView(await groups.accept(group)),
    'group.decline': async ({ group }) => groupView(await groups.decline(group)),
    'group.leave': async ({ group }) => groupView(await groups.leave(group)),
    'group.kick': async ({ group, member }) =>
      groupView(await groups.kick(group, parsePerson(member, 'member'))),
    'group.promote': async ({ group, members }) => groupView(await groups.promote(group, people(members))),
    'group.stepDown': async ({ group }) => groupView(await groups.stepDown(group)),
    'group.rename': async ({ group, name }) => groupView(await groups.rename(group, name)),
    'group.view': async ({ group }) => groupView(await groups.view(group)),
    'group.list': async () => ({ groups: (await groups.list()).map(groupView) }),
    'group.receipts': async ({ messageId }) => ({
      receipts: (await groups.receipts(messageId as MessageIdText)).map(({ member, ...receipt }) => ({
        member: to0xHex(member),
        installations: [...receipt.installations],
        isGivenUp: receipt.isGivenUp,
        lacksKeys: receipt.lacksKeys,
      })),
    }),
  }
}
