/** What a page says to a person: what is so and what to do next, in the words and signs of each language. */
import { expect, test } from 'vitest'

import type { Texts } from './gathered'

const files = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' })
const screens = import.meta.glob<string>('../**/*.vue', { eager: true, query: '?raw', import: 'default' })

function texts(locale: string): Map<string, string> {
  const found = new Map<string, string>()
  const add = (at: Texts, path: string): void => {
    for (const [key, value] of Object.entries(at)) {
      if (typeof value === 'string') found.set(`${path}.${key}`, value)
      else add(value, `${path}.${key}`)
    }
  }
  for (const [path, area] of Object.entries(files)) {
    const [, language, name] = /^\.\/([^/]+)\/(.+)\.json$/.exec(path) ?? []
    if (language === locale && name) add(area, name)
  }
  return found
}

const chinese = texts('zh-CN')
const taiwan = texts('zh-TW')
const english = texts('en')
const last = (key: string): string => key.slice(key.lastIndexOf('.') + 1)
const clauses = (text: string): number => text.split(/[，；：。！？]|[,;:.!?](?=\s|$)/).filter((part) => part.trim()).length

/** Keys of texts, in any of three languages, that the check holds against. */
function wrong(isWrong: (key: string, zh: string, tw: string, en: string) => boolean): string[] {
  return [...chinese]
    .filter(([key, zh]) => isWrong(key, zh, taiwan.get(key) ?? '', english.get(key) ?? ''))
    .map(([key, zh]) => `${key}: ${zh} | ${taiwan.get(key)} | ${english.get(key)}`)
}

test('every empty state of every screen gives its next step', () => {
  const states = Object.entries(screens).flatMap(([path, screen]) =>
    [...screen.matchAll(/<EmptyState\b(?:[^>"]|"[^"]*")*>/g)].map(([tag]) => ({ path, tag })),
  )
  expect(states.length).toBeGreaterThan(15)
  expect(states.filter(({ tag }) => !/\shint="|:hint="/.test(tag))).toEqual([])
})

/** Nothing, nobody, none: texts that stand where there is no hint beside them. */
const SAYS_NOTHING = /^(no|nothing|nobody|none|never)([A-Z]\w*)?$/
/** Short answers and choices, each with why it needs no next step. */
const ENOUGH: Record<string, string> = {
  'common.no': 'an answer to a question',
  'common.nothingFound': 'a title; each place adds its own hint',
  'view.nobody': 'a choice: shared with nobody',
  'audit.nobody': 'a value: who was not signed in',
  'bin.noChanges': 'the state of a comparison, which has nothing to do next',
  'merge.noDifference': 'the state of a comparison, which has nothing to do next',
}

test('what says that nothing is there has a hint beside it or says what to do itself', () => {
  const silent = wrong((key, zh, _, en) => {
    const hinted = chinese.has(`${key}Hint`) || chinese.has(key.replace(/none\w*$/, 'noneHint')) || last(key).endsWith('Hint')
    return SAYS_NOTHING.test(last(key)) && !hinted && !(key in ENOUGH) && (clauses(zh) < 2 || clauses(en) < 2)
  })
  expect(silent).toEqual([])
  expect(Object.keys(ENOUGH).filter((key) => !chinese.has(key))).toEqual([])
})

test('what failed, and what is filled in wrongly, says what to do next', () => {
  const failing = /[fF]ailed$|^(unreadable|gone|lost)$/
  const mute = wrong((key, zh, _, en) => {
    const complains = /\.(failure|complaints|slips)\./.test(key)
    if (/\.(outcomes?|states?)\./.test(key) || !(complains || failing.test(last(key)))) return false
    const isHead = chinese.has(`${key}Hint`) || /\{(why|error|reason|detail)\}/.test(zh)
    return !isHead && (!/请|可/.test(zh) || (!complains && clauses(en) < 2))
  })
  expect(mute).toEqual([])
})

/** What a button does begins with the doing; these show a state, a place or a page instead. */
const NO_VERB: Record<string, string> = {
  'calendar.after': 'a page of the calendar',
  'calendar.before': 'a page of the calendar',
  'calendar.thisMonth': 'a page of the calendar',
  'common.more': 'the next of a list',
  'grid.asPage': 'opens as a page',
  'home.myRecord': 'leads to the record it names',
  'import.allKinds': 'a filter',
  'list.filters': 'shows the filters',
  'match.less': 'folds',
  'match.more': 'unfolds',
  'merge.allOther': 'one side of a comparison',
  'merge.allThis': 'one side of a comparison',
  'merge.notSame': 'an answer to the question above it',
  'notice.following': 'a state that is switched',
  'notice.onlyUnread': 'a filter',
  'preview.before': 'a page',
  'preview.next': 'a page',
  'queue.before': 'the one before',
  'queue.due': 'says when, within a button that opens',
  'queue.next': 'the next one',
  'record.all': 'leads to all of them',
  'setup.goOn': 'a confirmation in the first person',
}
const VERBS =
  /^[＋@]? ?(保存|读取|关闭|发送|上传|分享|否认|指定|综合|公示|撤下|刷新|继续|转到|应用|全选|申请|计算|开始|标记|忽略|跳过|确认|新建|创建|授予|重设|设置|收回|查询|删除|恢复|返回|修改|批量修改|批量对接|预览|停止|停用|现在提交|提到|取消|复制|完成|移除|保留|放弃|提交|打开|公开|查看|检查|下载|显示|隐藏|添加|丢弃|存为|打印|回到|提需求|再导入|都这样改|只下载|清除|导入|导出|改正|按此|换一个|重试|撤销|接受|承诺|重发|生成|选择|筛选|登录|启用|验证|重新|选定|展开|收起|不选用|不予|撤回|退出|合并|对比|查重|对调|关注|标为|全部标为|改名|登记|更换|放大|缩小|编辑|搜索|正在|\{count\} 处)/

test('buttons say what they do', () => {
  const keys = new Set<string>()
  for (const screen of Object.values(screens)) {
    for (const [, tag, attributes = '', content = ''] of screen.matchAll(
      /<(button|RouterLink)\b((?:[^>"]|"[^"]*")*)>([\s\S]*?)<\/\1>/g,
    )) {
      if (tag === 'RouterLink' && !/class="button/.test(attributes)) continue
      for (const [, key = ''] of content.matchAll(/(?:\bt\(|\? |: )'(\w+(?:\.\w+)+)'/g)) keys.add(key)
    }
  }
  expect(keys.size).toBeGreaterThan(100)
  const said = [...keys].filter((key) => chinese.has(key) && !(key in NO_VERB) && !VERBS.test(chinese.get(key) ?? ''))
  expect(said.map((key) => `${key}: ${chinese.get(key)}`)).toEqual([])
  expect(Object.keys(NO_VERB).filter((key) => !keys.has(key))).toEqual([])
})

test('Chinese is set in full width, English in half width', () => {
  const narrow = /\p{sc=Han}[,;:?!(]|[,;:?!)]\p{sc=Han}|\.\.\.|\p{sc=Han}\.(?!\w)/u
  const wide = /[，；：。！？（）、]|\p{sc=Han}/u
  expect(wrong((_, zh, tw, en) => narrow.test(zh) || narrow.test(tw) || wide.test(en))).toEqual([])
})

test('nothing blames the reader or speaks of the inside of the house', () => {
  const unfit = /非法|无效|参数|操作失败|系统错误|未知错误|网络错误|你|null|undefined/
  const unfitEnglish = /\b(illegal|invalid|oops|null|undefined|fatal|forbidden|parameters?)\b/i
  expect(wrong((_, zh, __, en) => unfit.test(zh) || unfitEnglish.test(en))).toEqual([])
})

test('Taiwan reads its own words', () => {
  const mainland =
    /賬|臺帳|登錄|平臺|導入|導出|數據|信息|網絡|服務器|軟件|鏈接|郵箱|短信|視頻|質量|打印|屏幕|菜單|默認|用戶|粘貼|剪貼板|加載|緩存|界面|單元格|在線|反饋|激活|模板|文檔|文件夾|磁盤|字符|字段|搜索|刷新|列表|生成|添加|查看|身份|視圖|批量|撤銷|工作簿|同志|關鍵詞|回復|(?<!已)記錄|[一這兩每] ?條(?!件|款|文|目)|\} ?條(?!件|款|文|目)/
  expect(wrong((_, __, tw) => mainland.test(tw))).toEqual([])
})
