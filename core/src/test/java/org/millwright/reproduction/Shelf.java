package org.millwright.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.millwright.environment.BuildProgress;
import org.millwright.environment.EnvironmentBuilder;
import org.millwright.environment.Interpreter;
import org.millwright.environment.Lock;
import org.millwright.environment.Unbuildable;
import org.millwright.kernel.Json;

/**
 * Environments of one package that is there, or not.
 *
 * @param unbuildable why none can be built now
 * @param removed names of those that were taken away
 */
record Shelf(AtomicReference<Optional<Unbuildable>> unbuildable, Set<String> removed) implements EnvironmentBuilder {
    @Override
    public Interpreter interpreter(String version) {
        return new Interpreter(Path.of("python3"), "3.11.4", "linux-x86_64-glibc2.36");
    }

    @Override
    public Lock resolve(String requirements, String python, Consumer<BuildProgress> progress) {
        throw new AssertionError("the lock is there");
    }

    @Override
    public JsonNode build(String id, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress) {
        throw new AssertionError("only rebuilt");
    }

    @Override
    public JsonNode rebuild(String name, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress) {
        unbuildable.get().ifPresent(why -> {
            throw why;
        });
        return Json.object();
    }

    @Override
    public String rebuilt(String name) {
        return "rebuilt-" + name;
    }

    @Override
    public void remove(String name) {
        removed.add(name);
    }

    @Override
    public boolean has(String id) {
        return true;
    }

    @Override
    public Path python(String id) {
        return Path.of("python3");
    }
}
