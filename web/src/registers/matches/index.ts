/** Matches: the way back to the view they were decided in. */
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'matches',
  links: (record) => {
    const subject = record['need_id'] ? `needs/${String(record['need_id'])}` : `projects/${String(record['project_id'])}`
    return [{ label: 'match.title', to: `/r/${subject}/matches`, creates: 'matches', dataTest: 'open-matches' }]
  },
}
export default screens
