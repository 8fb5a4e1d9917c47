package org.millwright.app.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command finds around itself: a process has one, a test or the demo makes its own.
 *
 * @param folder the folder that relative paths start from
 * @param environment variables by name
 * @param screen where progress is shown
 */
record Surroundings(Path folder, Map<String, String> environment, Screen screen) {
    Surroundings {
        environment = Map.copyOf(environment);
    }

    static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Surroundings(
                Path.of("").toAbsolutePath(), environment, Screen.ofProcess(environment.containsKey("NO_COLOR")));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    Path resolve(Path path) {
        return folder.resolve(path).normalize();
    }

    Surroundings in(Path other) {
        return new Surroundings(resolve(other), environment, screen);
    }
}
