package org.millwright.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What kind of value an expression finds under a name. */
public sealed interface Shape {
    /** Values without parts. */
    enum Plain implements Shape {
        TEXT("text"),
        NUMBER("number"),
        WHOLE("whole number"),
        FLAG("true or false"),
        /** Not known before it is there; what is asked of it is not checked ahead. */
        ANY("any");

        private final String text;

        Plain(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /** Values of one kind by names that are not known ahead. */
    record MapOf(Shape values) implements Shape {
        @Override
        public String text() {
            return values.text() + " by name";
        }
    }

    record ListOf(Shape items) implements Shape {
        @Override
        public String text() {
            return "list of " + items.text();
        }
    }

    /** Named fields, and no others. */
    record Fields(String name, Map<String, Field> fields) implements Shape {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String text() {
            return name;
        }
    }

    /** @param meaning what the value is, for people who write expressions */
    record Field(Shape shape, String meaning) {}

    /** The kind in words. */
    String text();
}
