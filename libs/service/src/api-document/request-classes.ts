import { RequestMethod, type INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { hasRules, type Class } from './schema-of-rules.js';

/** A method that answers calls, with the classes of what it takes. */
export interface Handler {
  readonly operationId: string;
  readonly takes: readonly Class[];
}

/** Every method of the application's controllers that answers calls. */
export function handlersOf(app: INestApplication): Handler[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const prototype = (metatype as Class).prototype as Record<string, unknown>;
    const methods = Object.getOwnPropertyNames(prototype).filter((name) => answersCalls(prototype[name]));
    return methods.map((method) => ({
      operationId: operationIdOf((metatype as Class).name, method, prototype[method] as object),
      takes: classesIn(Reflect.getMetadata('design:paramtypes', prototype, method)),
    }));
  });
}

/** What an operation is called whose controller doesn't say: `BookingsController`, `list` → `bookingsList`. */
export function defaultOperationId(controller: string, method: string): string {
  const stem = controller.replace(/Controller$/, '');
  return stem.charAt(0).toLowerCase() + stem.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}

/** These classes and those of their fields, by name: what comes from outside, all the way down. */
export function requestClasses(classes: readonly Class[]): ReadonlyMap<string, Class> {
  const found = new Map<string, Class>();
  const left = [...classes];
  for (let type = left.pop(); type; type = left.pop()) {
    if (found.has(type.name) || !hasRules(type)) continue;
    found.set(type.name, type);
    left.push(...fieldClassesOf(type));
  }
  return found;
}

function operationIdOf(controller: string, method: string, handler: object): string {
  const said = Reflect.getMetadata('swagger/apiOperation', handler) as { operationId?: string } | undefined;
  return said?.operationId ?? defaultOperationId(controller, method);
}

function answersCalls(method: unknown): boolean {
  if (typeof method !== 'function') return false;
  return RequestMethod[Reflect.getMetadata('method', method) as number] !== undefined;
}

/** Of the fields that are described: a class, a list of one, or a function that names either. */
function fieldClassesOf(type: Class): Class[] {
  const prototype = type.prototype as object;
  const names = (Reflect.getMetadata('swagger/apiModelPropertiesArray', prototype) ?? []) as string[];
  return names.flatMap((name) => {
    const described = Reflect.getMetadata('swagger/apiModelProperties', prototype, name.slice(1)) as
      { type?: unknown } | undefined;
    return classesIn([described?.type].flat().map((one) => (isThunk(one) ? one() : one)));
  });
}

function isThunk(value: unknown): value is () => unknown {
  return typeof value === 'function' && value.prototype === undefined;
}

function classesIn(values: unknown): Class[] {
  const all = (Array.isArray(values) ? values.flat() : []) as unknown[];
  return all.filter((value): value is Class => typeof value === 'function' && value.prototype !== undefined);
}
