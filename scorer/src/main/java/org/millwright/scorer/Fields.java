package org.millwright.scorer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The named values of a record's or bean's class. {@code planeEngine} is also found as {@code plane_engine}. */
final class Fields {
    private static final MethodType READ = MethodType.methodType(Object.class, Object.class);
    private static final ClassValue<Fields> KNOWN = new ClassValue<>() {
        @Override
        protected Fields computeValue(Class<?> type) {
            return new Fields(type);
        }
    };

    private final Map<String, MethodHandle> readers = new LinkedHashMap<>();

    private Fields(Class<?> type) {
        Map<String, Method> methods = type.isRecord() ? components(type) : getters(type);
        if (methods.isEmpty()) {
            throw new ScorerException(type.getName()
                    + " has no values to score (expected: a record, an object with getters, a Map or a Frame)");
        }
        methods.forEach((name, method) -> readers.put(name, reader(type, method)));
        methods.forEach((name, method) -> readers.putIfAbsent(snake(name), readers.get(name)));
    }

    private static Map<String, Method> components(Class<?> type) {
        Map<String, Method> methods = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            methods.put(component.getName(), component.getAccessor());
        }
        return methods;
    }

    private static Map<String, Method> getters(Class<?> type) {
        Map<String, Method> methods = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            String name = method.getName();
            boolean truth = method.getReturnType() == boolean.class && name.matches("is\\p{Lu}.*");
            boolean getter = truth || name.matches("get\\p{Lu}.*") && method.getReturnType() != void.class;
            boolean own = method.getDeclaringClass() != Object.class && !Modifier.isStatic(method.getModifiers());
            if (getter && own && method.getParameterCount() == 0) {
                String rest = name.substring(truth ? 2 : 3);
                methods.put(rest.substring(0, 1).toLowerCase(Locale.ROOT) + rest.substring(1), method);
            }
        }
        return methods;
    }

    private static MethodHandle reader(Class<?> type, Method method) {
        try {
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(READ);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new ScorerException(
                    type.getName() + " cannot be read: open its package to org.millwright.scorer, or score a Map", e);
        }
    }

    private static String snake(String name) {
        return name.replaceAll("(?<=[\\p{Ll}0-9])(?=\\p{Lu})", "_").toLowerCase(Locale.ROOT);
    }

    /** The object's values by name, read when they are asked for. */
    static Map<String, @Nullable Object> of(Object row) {
        return new View(KNOWN.get(row.getClass()).readers, row);
    }

    private static final class View extends AbstractMap<String, @Nullable Object> {
        private final Map<String, MethodHandle> readers;
        private final Object row;

        View(Map<String, MethodHandle> readers, Object row) {
            this.readers = readers;
            this.row = row;
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return readers.containsKey(name);
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            MethodHandle reader = readers.get(name);
            return reader == null ? null : plain(read(reader, row));
        }

        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
            return readers.keySet().stream()
                    .map(name -> new SimpleImmutableEntry<String, @Nullable Object>(name, get(name)))
                    .collect(Collectors.toSet());
        }
    }

    private static @Nullable Object read(MethodHandle reader, Object row) {
        try {
            return (Object) reader.invokeExact(row);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ScorerException("reading " + row.getClass().getName() + " failed: " + e.getMessage(), e);
        }
    }

    /** What models take: an enum by its name, what an Optional holds. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Optional<?> maybe) {
            return maybe.isPresent() ? plain(maybe.get()) : null;
        }
        return value instanceof Character letter ? letter.toString() : value;
    }
}
