package org.millwright.environment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;

/** Resolves, builds and finds environments; a built one never changes. Interrupt the calling thread to cancel. */
public interface EnvironmentBuilder {
    /** The interpreter for a version such as {@code 3.11}; {@code Problem.Unavailable} says what to install. */
    Interpreter interpreter(String version);

    /** The exact versions, with hashes and for all platforms, that fulfil the requirements (pip's file format). */
    Lock resolve(String requirements, String python, Consumer<BuildProgress> progress);

    /**
     * Builds the environment, or finishes one whose building was interrupted.
     *
     * @return what is in it and what it was built on: packages, interpreter, system, processor
     */
    JsonNode build(String id, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress);

    /**
     * Builds what the lock says beside all others, under a name of its own, and asks the package index for everything anew.
     *
     * @throws Unbuildable when a package is not to be had any more, or the index cannot be asked
     */
    JsonNode rebuild(String name, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress);

    /** The id of what was rebuilt under that name. */
    String rebuilt(String name);

    /** Removes what was rebuilt under that name; fine when there is none. */
    void remove(String name);

    /** Whether the environment is there, completely. */
    boolean has(String id);

    /** The environment's own interpreter. */
    java.nio.file.Path python(String id);
}
