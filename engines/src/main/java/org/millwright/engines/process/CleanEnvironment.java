package org.millwright.engines.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The few variables that a foreign program inherits: where things are, how to reach the network, which index to use. */
public final class CleanEnvironment {
    private static final Set<String> NAMES = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "TMPDIR",
            "TEMP",
            "TMP",
            "SYSTEMROOT",
            "USERPROFILE",
            "APPDATA",
            "LOCALAPPDATA",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "NETRC",
            "LD_LIBRARY_PATH",
            "DYLD_LIBRARY_PATH");
    private static final Pattern PREFIXES = Pattern.compile("(PIP|UV)_[A-Z0-9_]+");

    private CleanEnvironment() {}

    /** The allowed variables of {@code inherited}, with {@code own} added or put in their place. */
    public static Map<String, String> of(Map<String, String> inherited, Map<String, String> own) {
        var clean = new LinkedHashMap<String, String>();
        inherited.forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (NAMES.contains(upper) || PREFIXES.matcher(upper).matches()) {
                clean.put(name, value);
            }
        });
        clean.putAll(own);
        return clean;
    }

    /** The file that a program name stands for: a path as it is, a bare name by looking through PATH. */
    public static Optional<Path> find(String program, Map<String, String> env, Path dir) {
        if (program.indexOf('/') >= 0 || program.indexOf(File.separatorChar) >= 0) {
            Path path = dir.resolve(program);
            return Files.isExecutable(path) && Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
        }
        for (String folder : env.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path path = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(path) && Files.isRegularFile(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
