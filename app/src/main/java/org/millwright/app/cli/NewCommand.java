package org.millwright.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw new}: writes a project folder from a template, as a git repository. */
@Command(name = "new", description = "Write a new project's folder from a template.", mixinStandardHelpOptions = true)
final class NewCommand implements Callable<Integer> {
    @Mixin
    private Remote remote = new Remote();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(names = "--template", paramLabel = "TEMPLATE", defaultValue = "tabular-regression")
    private String template = "tabular-regression";

    @Option(names = "-V", paramLabel = "NAME=VALUE", description = "A variable of the template, such as owner=ana.")
    private Map<String, String> given = new LinkedHashMap<>();

    @Option(names = "--to", paramLabel = "DIR", description = "The folder to write; default: NAME here.")
    private Path to = Path.of("");

    @Override
    public Integer call() throws IOException {
        Path folder = to.toString().isEmpty() ? Path.of(name) : to;
        write(folder);
        remote.output().line(folder.toString());
        return Exit.OK;
    }

    void write(Path folder) throws IOException {
        if (Files.exists(folder)) {
            throw new Problem.Conflict(folder + " exists already", "Choose another name, or another folder with --to.");
        }
        Yaml.Value description = description();
        Map<String, String> variables = variables(description);
        for (Yaml.Value file : description.get("files").map(Yaml.Value::items).orElseThrow()) {
            Path target = folder.resolve(file.asText());
            Files.createDirectories(target.getParent());
            String text = new String(resource("files/" + file.asText()), StandardCharsets.UTF_8);
            for (var variable : variables.entrySet()) {
                text = text.replace("@" + variable.getKey() + "@", variable.getValue());
            }
            Files.writeString(target, text);
        }
        if (!new ProjectFolder(folder).commitAll("Start from the template " + template)) {
            remote.err().println("git made no commit: install git, then git init, add and commit in " + folder);
        }
    }

    private Yaml.Value description() throws IOException {
        if (!template.matches("[a-z][a-z0-9-]*")) {
            throw new Problem.Invalid("Not a template's name: '" + template + "'");
        }
        return Yaml.parse("template.yaml", new String(resource("template.yaml"), StandardCharsets.UTF_8));
    }

    private Map<String, String> variables(Yaml.Value description) {
        var values = new LinkedHashMap<String, String>();
        Map<String, Yaml.Value> known =
                description.get("variables").map(Yaml.Value::fields).orElse(Map.of());
        given.keySet().stream()
                .filter(key -> !known.containsKey(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new Problem.Invalid("Template " + template + " has no variable '" + key + "' (it has: "
                            + String.join(", ", known.keySet()) + ")");
                });
        known.forEach((key, variable) -> {
            String value = key.equals("name") ? name : given.getOrDefault(key, variable.text("default", ""));
            String pattern = variable.text("pattern", "[A-Za-z0-9][A-Za-z0-9._@-]*");
            if (!value.matches(pattern)) {
                throw new Problem.Invalid(key + ": '" + value + "' (expected: " + pattern + ")");
            }
            values.put(key, value);
        });
        return values;
    }

    private byte[] resource(String path) throws IOException {
        try (InputStream in =
                NewCommand.class.getClassLoader().getResourceAsStream("templates/" + template + "/" + path)) {
            if (in == null) {
                throw new Problem.NotFound("No template '" + template + "' with " + path, "mw new --help");
            }
            return in.readAllBytes();
        }
    }
}
