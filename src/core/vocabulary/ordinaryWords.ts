const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Words in capitals that everybody can spell or that nobody says: marks in comments, SQL, C, HTTP. */
export const ORDINARY_CAPITALS = words(`
  ALL AND ANY ARE ASC BUT BUG CAN CASE DESC DROP ELSE END ENUM ERROR EXIT FALSE FIXME FOR FROM FULL GET GROUP HACK HAS HEAD IDEA IF
  INFO INNER INTO INDEX JOIN KEY KEYS LEFT LIKE LIMIT MAX MIN MUST NEVER NEW NO NONE NOT NOTE NULL OFF ONE ONLY OPEN ORDER OUT OUTER
  PATCH POST PUT READ RIGHT SELECT SET SHALL SHOULD TABLE TEST THE THEN THIS TODO TRUE TWO UNION UNIT UNTIL UPDATE USE VALUES VIEW VOID
  WARN WHEN WHERE WITH WRITE XXX YES YOU
`);

/** Identifiers that are so common in a language that they say nothing about this program. In lower case. */
export const ORDINARY_IDENTIFIERS = words(`
  addeventlistener appendchild arraybuffer charat charcodeat classname constructor dataview defaultprops encodeuricomponent endswith
  findindex flatmap foreach fromentries getattribute getelementbyid getitem hasownproperty indexof innerhtml isarray isfinite isinstance
  isinteger isnan keyerror keyof lastindexof localecompare matchall maxlength nan nullptr onchange onclick padend padstart parsefloat
  parseint preventdefault printf println queryselector removeeventlistener replaceall setattribute setinterval setitem settimeout
  sizeof sprintf startswith staticmethod stringify strlen tofixed toisostring tolowercase tostring touppercase trimend trimstart typeerror
  typeof uint8array usecallback useeffect usememo useref usestate valueerror valueof
  module.exports process.env object.keys object.values object.entries array.from math.max math.min math.floor math.ceil math.round
  json.stringify json.parse promise.all promise.resolve console.log console.error number.isinteger array.isarray string.raw fmt.println
`);

/** File names that every project has, and words that mark a file's role. In lower case. */
export const ORDINARY_FILES = words(`
  index main readme test tests license licence changelog contributing package package-lock tsconfig jsconfig setup mod lib app types
  constants config code-of-conduct docker-compose pnpm-lock pnpm-workspace yarn-lock third-party-notices pull_request_template
  issue_template bug_report feature_request __init__ __main__ conftest dockerfile makefile cmakelists todo faq security
`);

/** Package names that say nothing without their scope: people say the scope. In lower case. */
export const ORDINARY_PACKAGES = words(`
  api app cli client common compiler core eslint-plugin helpers js lib loader main node-sdk parser plugin preset-env react runtime sdk server
  shared standalone tools types typescript utils vue web
`);
