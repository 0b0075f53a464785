/** The texts of one language that only further screens show. */
import { gathered } from './gathered'

export default gathered(
  import.meta.glob(
    ['./zh-CN/*.json', '!./zh-CN/{accounts,act,audit,common,conflict,files,form,grid,history,home,house,list,login,lost,me,notice,offline,organisations,record,secure,setup,shell,task,undo,view,portal}.json'],
    { eager: true, import: 'default' },
  ),
)
