import { isOpaque } from '../isOpaque';
import { ORDINARY_PACKAGES } from '../ordinaryWords';

/**
 * A package's name as people say it: the part behind the scope (`@types/node` is "node"), or the scope where that part says nothing
 * (`@babel/core` is "babel"). A path gives its last part without the version (`github.com/gin-gonic/gin/v2` is "gin"). Undefined where the
 * text is not a name.
 */
export function dependencyName(full: string): string | undefined {
  const [, scope, scoped = ''] = /^(?:@([^/]+)\/)?(.*)$/.exec(full) ?? [];
  const parts = scoped.split('/').filter((part) => part !== '' && !/^v\d+$/.test(part));
  const last = (parts.at(-1) ?? '').replace(/\.(v\d+|git)$/, '');
  const name = scope !== undefined && scope !== 'types' && ORDINARY_PACKAGES.has(last) ? scope : last;
  const isName = /^[\p{L}][\p{L}\p{N}._-]{1,39}$/u.test(name) && /[\p{L}\p{N}]$/u.test(name);
  return isName && name.length > 2 && !isOpaque(name) ? name : undefined;
}
