package org.millwright.environment;

import java.nio.file.Path;

/**
 * A Python found on this machine.
 *
 * @param version full version, such as {@code 3.11.7}
 * @param platform what its compiled packages are built for, such as {@code linux-x86_64-glibc2.36}
 */
public record Interpreter(Path executable, String version, String platform) {}
