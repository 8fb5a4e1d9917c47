package org.millwright.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** A project template of the catalog: files in which {@code @variable@} is replaced. */
record Template(String name, Map<String, Variable> variables, List<String> files) {
    /** A value that the files refer to; {@code fallback} is "" when it must be given. */
    record Variable(String description, String pattern, String fallback) {}

    static Template load(String name) {
        if (!name.matches("[a-z][a-z0-9-]*") || Template.class.getResource("/templates/" + name) == null) {
            throw new Problem.NotFound("No template named '" + name + "'", "mw new NAME --template tabular-regression");
        }
        Yaml.Value root = Yaml.parse("template.yaml", read(name, "template.yaml"));
        var variables = new LinkedHashMap<String, Variable>();
        root.get("variables")
                .ifPresent(map -> map.fields()
                        .forEach((key, value) -> variables.put(
                                key,
                                new Variable(
                                        value.text("description", ""),
                                        value.text("pattern", "[A-Za-z0-9._@-]+"),
                                        value.text("default", "")))));
        var files = new ArrayList<String>();
        root.get("files").ifPresent(list -> list.items().forEach(item -> files.add(item.asText())));
        root.finish();
        return new Template(name, variables, files);
    }

    /** Writes the files to a folder that is empty or not there yet; returns how many. */
    int write(Path target, Map<String, String> given) {
        Map<String, String> values = values(given);
        requireEmpty(target);
        try {
            for (String file : files) {
                Path path = target.resolve(path(file));
                Files.createDirectories(path.getParent());
                Files.writeString(path, filled(read(name, "files/" + file), values));
            }
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot write to " + target + ": " + e.getMessage(), "Choose another place with --folder.", e);
        }
        return files.size();
    }

    /** Where the files are in a folder that {@link #write} wrote. */
    List<String> paths() {
        return files.stream().map(Template::path).toList();
    }

    private static String path(String file) {
        return file.startsWith("dot-") ? "." + file.substring(4) : file;
    }

    /** SHA-256 of everything that the template is made of. */
    String digest() {
        var all = new StringBuilder(read(name, "template.yaml"));
        files.forEach(file -> all.append('\0').append(read(name, "files/" + file)));
        return Json.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, String> values(Map<String, String> given) {
        given.keySet().stream()
                .filter(key -> !variables.containsKey(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new Problem.Invalid("Template " + name + " has no variable '" + key + "' (expected: "
                            + String.join(", ", variables.keySet()) + ")");
                });
        var values = new LinkedHashMap<String, String>();
        variables.forEach((key, variable) -> {
            String value = given.getOrDefault(key, variable.fallback());
            if (!value.matches(variable.pattern())) {
                throw new Problem.Invalid(key + ": '" + value + "' (expected: " + variable.description() + ", as "
                        + variable.pattern() + ")");
            }
            values.put(key, value);
        });
        return values;
    }

    private static void requireEmpty(Path target) {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> inside = Files.list(target)) {
            if (inside.findAny().isPresent()) {
                throw new Problem.Conflict(target + " is not empty", "Choose another name, or --folder.");
            }
        } catch (IOException e) {
            throw new Problem.Conflict(target + " is no folder", "Choose another name, or --folder.");
        }
    }

    private static String filled(String text, Map<String, String> values) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("@" + value.getKey() + "@", value.getValue());
        }
        return filled;
    }

    private static String read(String template, String file) {
        try (InputStream in = Template.class.getResourceAsStream("/templates/" + template + "/" + file)) {
            if (in == null) {
                throw new IllegalStateException("Template " + template + " lacks " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
