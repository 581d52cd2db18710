/** The methods about groups; see `routes.ts`. */
import { route } from '@status-protocol/rpc'
import { z } from 'zod'
import { GROUP } from './notifications.ts'

const group = z.string().max(200).describe('id of a group')
const name = z.string().max(200)
const publicKey = z.string().max(200)
const members = z.array(publicKey).max(250)

export const GROUP_ROUTES = {
  'group.create': route({
    summary:
      'Makes a group with us as its admin and invites `members`. `generation` says whose clients are to be in it, `legacy` those of 2019; else it is what all of them are known to speak (error `mixed-generations`).',
    params: z.object({
      name,
      members: members.optional(),
      generation: z.enum(['v1', 'legacy']).optional(),
    }),
    result: GROUP,
  }),
  'group.invite': route({
    summary: 'Invites people, who may have left or been removed before. By admins (error `not-allowed`).',
    params: z.object({ group, members }),
    result: GROUP,
  }),
  'group.accept': route({
    summary:
      'Joins a group that we were invited to: from now on we hear what is said there, and `chat.send` may speak.',
    params: z.object({ group }),
    result: GROUP,
  }),
  'group.decline': route({
    summary: 'Says no to an invitation. The members are told.',
    params: z.object({ group }),
    result: GROUP,
  }),
  'group.leave': route({
    summary: 'Leaves a group. The members are told; what was said stays here.',
    params: z.object({ group }),
    result: GROUP,
  }),
  'group.kick': route({
    summary: 'Removes somebody who is no admin. By admins.',
    params: z.object({ group, member: publicKey }),
    result: GROUP,
  }),
  'group.promote': route({
    summary: 'Makes members admins. By admins.',
    params: z.object({ group, members }),
    result: GROUP,
  }),
  'group.stepDown': route({
    summary: 'Gives up being an admin.',
    params: z.object({ group }),
    result: GROUP,
  }),
  'group.rename': route({
    summary: 'Changes the name of a group. By admins.',
    params: z.object({ group, name }),
    result: GROUP,
  }),
  'group.view': route({
    summary: 'A group as we see it.',
    params: z.object({ group }),
    result: GROUP,
  }),
  'group.list': route({
    summary: 'All groups that are known: those we were invited to and those we left, too.',
    params: z.object({}),
    result: z.object({ groups: z.array(GROUP) }),
  }),
  'group.receipts': route({
    summary:
      'The members for whom a message of ours was, and the installations of each that have it. `isGivenUp`: it was sent as ' +
      'often as allowed, and never acknowledged. `lacksKeys`: it waits, since only `ratchet` was chosen for them, and their ' +
      'keys are not known.',
    params: z.object({ messageId: z.string().regex(/^0x[0-9a-f]{64}$/, 'expected 0x and 64 hex digits') }),
    result: z.object({
      receipts: z.array(
        z.object({
          member: z.string(),
          installations: z.array(z.string()),
          isGivenUp: z.boolean(),
          lacksKeys: z.boolean(),
        }),
      ),
    }),
  }),
}
