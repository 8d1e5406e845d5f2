import { createRequire } from 'node:module';
import { TransformationType } from 'class-transformer';

export type Class = new () => object;

/** What class-transformer has of its decorators, of classes and those they extend. */
interface Decorations {
  getExposedMetadatas(constructor: Class): readonly unknown[];
  getExcludedMetadatas(constructor: Class): readonly unknown[];
  getStrategy(constructor: Class): 'excludeAll' | 'exposeAll' | 'none';
  findTransformMetadatas(constructor: Class, property: string, type: TransformationType): readonly unknown[];
  findTypeMetadata(
    constructor: Class,
    property: string,
  ):
    | {
        readonly reflectedType: unknown;
        readonly typeFunction?: (...about: unknown[]) => unknown;
        readonly options?: { readonly discriminator?: unknown };
      }
    | undefined;
}

/** Nothing that class-transformer exports tells whether a property has a decorator. */
const { defaultMetadataStorage: storage } = createRequire(import.meta.url)(
  'class-transformer/cjs/storage.js',
) as { defaultMetadataStorage: Decorations };

/** Classes that class-transformer makes by converting, not by filling an instance. */
const CONVERTED: readonly unknown[] = [String, Number, Boolean, Date, Buffer, Array, Object, Set, Map];

/**
 * The class of which a property's value is to be an instance, or `null` when it is none's: then it is copied as it is.
 *
 * `undefined` when only class-transformer itself knows what to make of it: it is renamed, left out or converted, its class depends on
 * its value, or the class has a method or an accessor of its name.
 */
export function propertyClass(constructor: Class, property: string): Class | null | undefined {
  const isDecorated =
    storage.getExposedMetadatas(constructor).length > 0 ||
    storage.getExcludedMetadatas(constructor).length > 0 ||
    storage.getStrategy(constructor) !== 'none' ||
    storage.findTransformMetadatas(constructor, property, TransformationType.PLAIN_TO_CLASS).length > 0;
  if (isDecorated || property in constructor.prototype) return undefined;
  const metadata = storage.findTypeMetadata(constructor, property);
  if (!metadata) return null;
  if (metadata.options?.discriminator || metadata.typeFunction?.length !== 0) return undefined;
  const type: unknown = metadata.typeFunction();
  const isFilled = typeof type === 'function' && !CONVERTED.includes(type);
  const isCollection = metadata.reflectedType === Set || metadata.reflectedType === Map;
  return isFilled && !isCollection ? (type as Class) : undefined;
}
