package org.millwright.web.ui;

import java.util.List;

/** Builds a query string, parameter by parameter; empty values are left out. */
final class Query {
    private final StringBuilder text = new StringBuilder();

    Query add(String name, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(Links.segment(value));
        }
        return this;
    }

    Query all(String name, List<String> values) {
        values.forEach(value -> add(name, value));
        return this;
    }

    /** {@code ?a=1&b=2}, or "" without parameters. */
    String text() {
        return text.toString();
    }
}
