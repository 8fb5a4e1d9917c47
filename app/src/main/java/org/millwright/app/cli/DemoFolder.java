package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** The demo's data folder, and the note in it of what made it: the stations go on only in a folder that they could have made. */
final class DemoFolder {
    /** Raised when the stations expect of an existing folder what older ones did not leave there. */
    static final int FORMAT = 1;

    static final String NOTE = "demo.json";
    private static final String SERVER = "server";

    private final Path path;
    private final Template template;

    DemoFolder(Path path, Template template) {
        this.path = path;
        this.template = template;
    }

    Path server() {
        return path.resolve(SERVER);
    }

    /**
     * Makes the folder, or looks whether this version can go on in one that is there; {@link Problem.Conflict} says what to do
     * when it can't, and nothing in the folder is touched.
     */
    void open() {
        ObjectNode expected = Json.object().put("format", FORMAT).put("template", template.digest());
        if (isBegun()) {
            requireSame(expected);
            requireWhole();
            return;
        }
        Path note = path.resolve(NOTE);
        Path draft = path.resolve(NOTE + ".new");
        try {
            Files.createDirectories(path);
            Files.writeString(draft, expected.toPrettyString() + "\n");
            Files.move(draft, note, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot write to " + path + ": " + e, "Choose another folder: mw demo --data DIR", e);
        }
    }

    private boolean isBegun() {
        return Files.exists(server()) || Files.exists(project());
    }

    private Path project() {
        return path.resolve(DemoSetUp.PROJECT);
    }

    private void requireSame(JsonNode expected) {
        JsonNode found;
        try {
            found = Files.exists(path.resolve(NOTE)) ? Json.parse(Files.readString(path.resolve(NOTE))) : Json.object();
        } catch (IOException | RuntimeException e) {
            throw refused("its " + NOTE + " cannot be read (" + e.getMessage() + ")");
        }
        if (!found.equals(expected)) {
            throw refused(
                    found.isEmpty()
                            ? "it has no " + NOTE + ", so an older version of Millwright made it"
                            : "another version of Millwright made it, whose demo or template differs");
        }
    }

    /** Files may have been changed since by whoever plays with the demo; none may be gone. */
    private void requireWhole() {
        if (!Files.exists(project())) {
            return;
        }
        List<String> gone = template.paths().stream()
                .filter(file -> !Files.exists(project().resolve(file)))
                .toList();
        if (!gone.isEmpty()) {
            throw refused(project() + " lacks " + String.join(", ", gone));
        }
    }

    private Problem refused(String why) {
        return new Problem.Conflict(
                "The demo cannot go on in " + path + ": " + why + ". Nothing in it was touched",
                "Start anew in another folder: mw demo --data DIR (or MW_DEMO=DIR mw demo); or remove this one first: rm -r "
                        + path);
    }
}
