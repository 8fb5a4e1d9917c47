package org.millwright.pipeline.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.Trees;

/** The folders of one attempt: the project's files, what comes in, what goes out. */
final class Workspace {
    private final StepContext context;
    private final Trees trees;
    private final Path root;

    Workspace(StepContext context, Trees trees) {
        this.context = context;
        this.trees = trees;
        this.root = context.folder();
    }

    Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies every input to a path of its own, so that a step cannot change what others rely on. */
    Map<String, Path> inputs() {
        var paths = new LinkedHashMap<String, Path>();
        context.inputs().forEach((name, output) -> paths.put(name, input(name, output)));
        return paths;
    }

    /** One input as a path: a folder for folders and models, a file for everything else. */
    Path input(String name, Output output) {
        Path inputs = folder("inputs");
        try {
            return switch (output.type()) {
                case DIR, MLFLOW_MODEL -> {
                    Path target = Files.createDirectories(inputs.resolve(name));
                    trees.extract(output.digest(), target, path -> true);
                    yield target;
                }
                case TABLE -> copy(trees.single(output.digest()), inputs.resolve(name + ".parquet"));
                case FILE ->
                    copy(
                            trees.single(output.digest()),
                            inputs.resolve(name + "-"
                                    + trees.list(output.digest()).getFirst().path()));
                case JSON -> copy(trees.artifacts().path(output.digest()), inputs.resolve(name + ".json"));
                case DATASET, MODEL_VERSION, RELEASE ->
                    throw new Problem.Invalid(
                            "Input '" + name + "' of step " + context.step().id() + " is a "
                                    + output.type().text() + " (expected: a table, a folder, a file or a model)",
                            "Give it to an sql step, which makes tables of it.");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        if (!to.toFile().setWritable(true, true)) {
            throw new IOException("Cannot make " + to + " writable");
        }
        return to;
    }

    /** Where the step is to write what it declares. */
    Map<String, Path> outputs() {
        Path outputs = folder("outputs");
        var paths = new LinkedHashMap<String, Path>();
        context.step().outputs().forEach((name, type) -> {
            if (type == OutputType.DIR) {
                paths.put(name, folder("outputs/" + name));
            } else if (type.isPath()) {
                paths.put(name, outputs.resolve(type == OutputType.TABLE ? name + ".parquet" : name));
            }
        });
        return paths;
    }

    /** Keeps what was written to a declared output; refuses one that is not there. */
    Output keep(String name, Path path) {
        OutputType type = context.step().outputs().get(name);
        boolean there = type == OutputType.DIR ? hasFiles(path) : Files.isRegularFile(path);
        if (type == null || !there) {
            throw new Problem.Invalid(
                    "Step " + context.step().id() + " did not write its output '" + name + "'",
                    "Write it to the path ${outputs." + name + "}.");
        }
        String digest = trees.put(path);
        long bytes = trees.list(digest).stream().mapToLong(Trees.Entry::size).sum();
        return new Output(
                name,
                type,
                digest,
                org.millwright.kernel.Json.object()
                        .put("files", trees.list(digest).size())
                        .put("bytes", bytes));
    }

    private static boolean hasFiles(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.anyMatch(Files::isRegularFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
