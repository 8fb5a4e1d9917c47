package org.millwright.engines.python;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.environment.Interpreter;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.ProcessRunner;

/** What environments are made with, as this machine has it. */
public final class PythonTools {
    private static final int OLDEST = 10;
    private static final int NEWEST = 14;

    private final Pythons pythons;
    private final UvBinary uv;

    /** @param tools folder for downloaded programs */
    public PythonTools(Path tools, ProcessRunner runner) {
        pythons = new Pythons(new Programs(runner), System.getenv());
        uv = new UvBinary(tools.toAbsolutePath(), System.getenv());
    }

    /** The first interpreter of each usable version, oldest first. */
    public List<Interpreter> interpreters() {
        var found = new ArrayList<Interpreter>();
        for (int minor = OLDEST; minor <= NEWEST; minor++) {
            try {
                found.add(pythons.find("3." + minor));
            } catch (Problem.Unavailable absent) {
                // the list says what is there
            }
        }
        return found;
    }

    /** The uv program; empty before its first use. */
    public Optional<Path> uv() {
        return uv.isHere() ? Optional.of(fetchUv()) : Optional.empty();
    }

    /** The uv program, downloaded when it is not here. */
    public Path fetchUv() {
        return uv.path(progress -> {});
    }
}
