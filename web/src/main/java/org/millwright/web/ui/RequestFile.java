package org.millwright.web.ui;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;

/** The {@code millwright.yaml} that a form's fields mean; a field without a text is left out. */
final class RequestFile {
    /** Words that need no quotes: YAML reads them as texts. */
    private static final Pattern PLAIN = Pattern.compile("(?!(?:true|false|null)$)[A-Za-z][A-Za-z0-9_./-]*");

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?");

    private final RequestForm form;
    private final StringBuilder out = new StringBuilder();

    private RequestFile(RequestForm form) {
        this.form = form;
    }

    static String of(RequestForm form) {
        return new RequestFile(form).write();
    }

    private String write() {
        out.append("apiVersion: millwright/v1\nkind: Project\n");
        line("name", "name");
        line("purpose", "purpose");
        line("owner", "owner");
        line("business-owner", "business-owner");
        entry("", "risk-tier", form.tier());
        line("template", "template");
        section("users-affected", "who", "number");
        section("expected-value", "amount", "currency", "per", "because");
        intake();
        list("reviewers", form.reviewers());
        section("budget", "compute-seconds");
        line("review-every", "review-every");
        data();
        members();
        section("environment", "python", "requirements", "lock", "threads");
        section("model", "name", "task", "label", "positive", "id", "time");
        section("handoff", "tolerance");
        release();
        return out.toString();
    }

    private void line(String key, String field) {
        entry("", key, form.value(field));
    }

    private void entry(String indent, String key, String value) {
        if (!value.isEmpty()) {
            out.append(indent).append(key).append(": ").append(scalar(value)).append('\n');
        }
    }

    /** A map of the fields below a key; nothing while none has a text, unless the file cannot be without. */
    private void section(String name, String... keys) {
        var map = new LinkedHashMap<String, String>();
        for (String key : keys) {
            map.put(key, form.value(name + "." + key));
        }
        boolean isEmpty = map.entrySet().stream()
                .allMatch(entry -> entry.getValue().isEmpty() || RequestForm.isChoice(name + "." + entry.getKey()));
        if (isEmpty && name.equals("environment")) {
            out.append("environment: {}\n");
        } else if (!isEmpty || name.equals("model")) {
            boolean nothing = map.values().stream().allMatch(String::isEmpty);
            out.append(name).append(nothing ? ": {}\n" : ":\n");
            map.forEach((key, value) -> entry("  ", key, value));
        }
    }

    private void intake() {
        Map<String, List<String>> answers = form.answers();
        if (answers.isEmpty()) {
            return;
        }
        out.append("intake:\n");
        answers.forEach((question, given) -> {
            String text = given.size() == 1 ? scalar(given.getFirst()) : flow(given);
            out.append("  ").append(question).append(": ").append(text).append('\n');
        });
    }

    private void data() {
        int rows = form.filled(RequestForm.DATA);
        out.append(rows == 0 ? "" : "data:\n");
        for (int i = 0; i < rows; i++) {
            String row = RequestForm.DATA + "[" + i + "].";
            out.append("  - classification: ")
                    .append(scalar(form.value(row + "classification")))
                    .append('\n');
            entry("    ", "name", form.value(row + "name"));
            entry("    ", "source", form.value(row + "source"));
        }
    }

    private void members() {
        Map<String, List<String>> members = form.members();
        out.append(members.isEmpty() ? "" : "members:\n");
        members.forEach((person, roles) -> out.append("  ")
                .append(scalar(person))
                .append(": ")
                .append(flow(roles))
                .append('\n'));
    }

    private void release() {
        String rows = form.value("release.smoke-rows");
        String traffic = form.value("release.canary.traffic");
        String requests = form.value("release.canary.min-requests");
        if (rows.isEmpty() && traffic.isEmpty() && requests.isEmpty()) {
            return;
        }
        out.append("release:\n");
        entry("  ", "smoke-rows", rows);
        if (!traffic.isEmpty() || !requests.isEmpty()) {
            out.append("  canary:\n");
            entry("    ", "traffic", traffic);
            entry("    ", "min-requests", requests);
        }
    }

    private void list(String key, List<String> values) {
        if (!values.isEmpty()) {
            out.append(key).append(": ").append(flow(values)).append('\n');
        }
    }

    private static String flow(List<String> values) {
        return "[" + String.join(", ", values.stream().map(RequestFile::scalar).toList()) + "]";
    }

    /** A text as YAML reads it back: a word or a number as it is, else as JSON, which YAML includes. */
    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() || NUMBER.matcher(text).matches() ? text : Json.write(text);
    }
}
