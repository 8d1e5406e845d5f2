import { getMetadataStorage, ValidationTypes, type ValidatorConstraintInterface } from 'class-validator';
import { propertyClass, type Class } from './property-class.js';

type ValidationMetadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];
type Check = (object: object, value: unknown) => boolean;

/** The rules of one property, which don't count while a condition doesn't hold. */
interface PropertyRules {
  readonly property: string;
  readonly conditions: readonly Check[];
  readonly checks: readonly Check[];
  readonly isNested: boolean;
  /** See `propertyClass`. */
  readonly class: Class | null | undefined;
}

/** By property; `undefined` for a class with rules that only class-validator itself knows how to apply. */
type ClassRules = ReadonlyMap<string, PropertyRules> | undefined;

/**
 * Finds out whether class-validator would accept an object, without what it does to explain a refusal: it looks up all
 * rules of a class, groups them and makes an error for each property, every time.
 *
 * The rules are those of the decorators, as class-validator keeps them, and its own validators check them. Properties without a rule
 * are refused, as `whitelist` with `forbidNonWhitelisted` does.
 */
export class Acceptance {
  private readonly classes = new Map<unknown, ClassRules>();

  /**
   * The instance that class-transformer makes of what came as JSON, if it is certain that class-validator accepts that.
   * `undefined` doesn't mean that it is wrong: both have to be asked then.
   */
  instanceOf(constructor: Class, plain: unknown): object | undefined {
    const instance = this.fill(constructor, plain);
    return instance && this.isCertain(instance) ? instance : undefined;
  }

  private fill(constructor: Class, plain: unknown): object | undefined {
    const rules = this.rulesOf(constructor);
    if (!rules || !isPlain(plain)) return undefined;
    const instance = new constructor() as Record<string, unknown>;
    for (const property of Object.keys(plain)) {
      const rule = rules.get(property);
      const value = rule && this.valueOf(rule, plain[property]);
      if (value === undefined) return undefined;
      instance[property] = value;
    }
    return instance;
  }

  /** `undefined` of what isn't simple. */
  private valueOf(rule: PropertyRules, value: unknown): unknown {
    if (rule.class === undefined) return undefined;
    if (!Array.isArray(value)) return this.itemOf(rule.class, value);
    const items: unknown[] = [];
    for (const each of value as unknown[]) {
      const item = Array.isArray(each) ? undefined : this.itemOf(rule.class, each);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  private itemOf(constructor: Class | null, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
    return constructor ? this.fill(constructor, value) : undefined;
  }

  /** `false` doesn't mean that it is wrong: class-validator has to be asked then. */
  isCertain(object: object): boolean {
    const rules = this.rulesOf(object.constructor);
    if (!rules) return false;
    for (const property of Object.keys(object)) if (!rules.has(property)) return false;
    for (const { property, conditions, checks, isNested } of rules.values()) {
      const value = (object as Record<string, unknown>)[property];
      if (!conditions.every((holds) => holds(object, value))) continue;
      if (!checks.every((isMet) => isMet(object, value))) return false;
      if (isNested && value !== undefined && !this.isNestedCertain(value)) return false;
    }
    return true;
  }

  private isNestedCertain(value: unknown): boolean {
    if (Array.isArray(value)) return value.every((item) => item === undefined || this.isNestedCertain(item));
    return value instanceof Object && !isCollection(value) && this.isCertain(value);
  }

  private rulesOf(constructor: unknown): ClassRules {
    if (this.classes.has(constructor)) return this.classes.get(constructor);
    const rules = typeof constructor === 'function' ? readRules(constructor) : undefined;
    this.classes.set(constructor, rules);
    return rules;
  }
}

function readRules(constructor: NewableFunction): ClassRules {
  const storage = getMetadataStorage();
  const grouped = storage.groupByPropertyName(
    storage.getTargetValidationMetadatas(constructor, '', false, false),
  );
  const rules = new Map<string, PropertyRules>();
  for (const [property, metadatas] of Object.entries(grouped)) {
    if (!metadatas.every(({ type }) => KNOWN_TYPES.has(type))) return undefined;
    const ofType = (...wanted: string[]) => metadatas.filter(({ type }) => wanted.includes(type));
    rules.set(property, {
      property,
      conditions: ofType(ValidationTypes.CONDITIONAL_VALIDATION).map(
        ({ constraints }) => constraints[0] as Check,
      ),
      checks: ofType(ValidationTypes.IS_DEFINED, ValidationTypes.CUSTOM_VALIDATION).flatMap(checksOf),
      isNested: ofType(ValidationTypes.NESTED_VALIDATION).length > 0,
      class: propertyClass(constructor as Class, property),
    });
  }
  // A class without rules is refused or not as its caller has chosen.
  return rules.size > 0 ? rules : undefined;
}

const KNOWN_TYPES = new Set<string>([
  ValidationTypes.IS_DEFINED,
  ValidationTypes.CUSTOM_VALIDATION,
  ValidationTypes.NESTED_VALIDATION,
  ValidationTypes.CONDITIONAL_VALIDATION,
  ValidationTypes.WHITELIST,
]);

function checksOf(metadata: ValidationMetadata): Check[] {
  const { constraintCls, propertyName: property, constraints, each, validateIf } = metadata;
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance }): Check => (object, value) => {
      if (validateIf && !validateIf(object, value)) return true;
      const args = { targetName: object.constructor.name, property, object, value, constraints };
      if (!each || !isCollection(value)) return isMet(instance, value, args);
      return Array.isArray(value) && value.every((item) => isMet(instance, item, args));
    });
}

/** A promise isn't `true`: class-validator waits for it. */
function isMet(
  instance: ValidatorConstraintInterface,
  ...asked: Parameters<ValidatorConstraintInterface['validate']>
): boolean {
  return instance.validate(...asked) === true;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isCollection(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Set || value instanceof Map;
}
