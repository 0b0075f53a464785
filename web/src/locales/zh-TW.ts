/** The texts of one language that a first screen may show; the others follow when one is asked for. */
import { gathered } from './gathered'

export default gathered(
  import.meta.glob(
    './zh-TW/{accounts,act,audit,common,conflict,files,form,grid,history,home,house,list,login,lost,me,notice,offline,organisations,record,secure,setup,shell,task,undo,view}.json',
    { eager: true, import: 'default' },
  ),
)
