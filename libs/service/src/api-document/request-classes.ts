import { RequestMethod, type INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { describedNames, fieldClassOf, isClass } from './described-fields.js';
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
      takes: ((Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as unknown[]).filter(
        isClass,
      ),
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
    left.push(...describedNames(type).flatMap((name) => fieldClassOf(type, name) ?? []));
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
