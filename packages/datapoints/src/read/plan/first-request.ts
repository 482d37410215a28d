import type { SeriesTask } from '../series/series-task.js';
import type { Part } from './planner.js';

/**
 * The first request of a call for one series of unknown density: as much as one request
 * brings. It needs no plan, so a call that ends with it loads no planner.
 *
 * @param mostPoints in one request
 * @returns undefined where there is something to plan
 */
export function firstRequest(
  tasks: readonly SeriesTask[],
  mostPoints: number,
): readonly Part[] | undefined {
  const [task, ...others] = tasks;
  const segment = task?.segments[0];
  if (
    task === undefined ||
    segment === undefined ||
    others.length > 0 ||
    task.request.density !== undefined
  )
    return undefined;
  segment.state = 'flying';
  const limit = Math.min(task.need(segment), segment.mostBuckets(), mostPoints);
  const parts: Part[] = [{ task, segment, item: segment.wireItem(limit) }];
  const outside = task.takeOutsideItem();
  if (outside !== undefined) parts.push({ task, segment: undefined, item: outside });
  return parts;
}
