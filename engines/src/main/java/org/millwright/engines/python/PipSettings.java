package org.millwright.engines.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The user's own package index, proxy and certificates, as pip and uv know them.
 *
 * <p>uv reads its own settings and the environment, but neither pip's files nor pip's variables: {@link #forUv()} says the
 * same in uv's words.
 */
final class PipSettings {
    private static final String PYPI = "https://pypi.org/simple";

    private final Map<String, String> env;
    private final Map<String, String> options;

    private PipSettings(Map<String, String> env, Map<String, String> options) {
        this.env = env;
        this.options = options;
    }

    /** Reads pip's configuration files where pip looks for them; a later file and a variable win over an earlier file. */
    static PipSettings read(Map<String, String> env) {
        var options = new LinkedHashMap<String, String>();
        for (Path file : files(env)) {
            if (Files.isReadable(file) && Files.isRegularFile(file)) {
                options.putAll(parse(file));
            }
        }
        env.forEach((name, value) -> {
            if (name.startsWith("PIP_") && !value.isBlank()) {
                options.put(name.substring(4).toLowerCase(Locale.ROOT).replace('_', '-'), value);
            }
        });
        return new PipSettings(env, options);
    }

    /** The index that packages come from. */
    String index() {
        return first("UV_DEFAULT_INDEX", "UV_INDEX_URL")
                .or(() -> option("index-url"))
                .map(url -> url.replaceFirst("^[A-Za-z0-9_-]+=(?=https?:)", ""))
                .map(url -> url.replaceAll("/+$", ""))
                .orElse(PYPI);
    }

    /** A PEM file with certificates to trust besides the usual ones. */
    Optional<Path> certificates() {
        return first("SSL_CERT_FILE")
                .or(() -> option("cert"))
                .or(() -> first("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
                .map(Path::of)
                .filter(Files::isRegularFile);
    }

    /** The proxy for that scheme, as a URL. */
    Optional<String> proxy(String scheme) {
        return anyCase(scheme + "_proxy").or(() -> anyCase("all_proxy")).or(() -> option("proxy"));
    }

    /** Hosts that are reached without a proxy. */
    List<String> direct() {
        return anyCase("no_proxy").map(hosts -> List.of(hosts.split("[,\\s]+"))).orElse(List.of());
    }

    /** Variables that tell uv what pip's settings say, where the user has not told uv itself. */
    Map<String, String> forUv() {
        var variables = new LinkedHashMap<String, String>();
        if (first("UV_DEFAULT_INDEX", "UV_INDEX_URL").isEmpty()) {
            option("index-url").ifPresent(url -> variables.put("UV_DEFAULT_INDEX", url));
        }
        if (first("UV_INDEX", "UV_EXTRA_INDEX_URL").isEmpty()) {
            option("extra-index-url").ifPresent(urls -> variables.put("UV_INDEX", words(urls)));
        }
        if (first("UV_INSECURE_HOST").isEmpty()) {
            option("trusted-host").ifPresent(hosts -> variables.put("UV_INSECURE_HOST", words(hosts)));
        }
        if (first("UV_FIND_LINKS").isEmpty()) {
            option("find-links")
                    .map(PipSettings::existing)
                    .filter(links -> !links.isEmpty())
                    .ifPresent(links -> variables.put("UV_FIND_LINKS", links));
        }
        option("no-index")
                .filter(value -> value.matches("1|true|yes|on"))
                .ifPresent(value -> variables.put("UV_NO_INDEX", "1"));
        certificates().ifPresent(file -> variables.put("SSL_CERT_FILE", file.toString()));
        proxy("https").ifPresent(url -> variables.put("HTTPS_PROXY", url));
        proxy("http").ifPresent(url -> variables.put("HTTP_PROXY", url));
        return variables;
    }

    private static List<Path> files(Map<String, String> env) {
        var files = new ArrayList<Path>();
        files.add(Path.of("/etc/pip.conf"));
        String home = env.getOrDefault("HOME", System.getProperty("user.home"));
        files.add(Path.of(home, ".pip", "pip.conf"));
        files.add(Path.of(env.getOrDefault("XDG_CONFIG_HOME", home + "/.config"), "pip", "pip.conf"));
        files.add(Path.of(home, "Library", "Application Support", "pip", "pip.conf"));
        if (env.containsKey("APPDATA")) {
            files.add(Path.of(env.get("APPDATA"), "pip", "pip.ini"));
        }
        if (env.containsKey("PIP_CONFIG_FILE")) {
            files.add(Path.of(env.get("PIP_CONFIG_FILE")));
        }
        return files;
    }

    /** The keys of the sections [global] and [install]; an indented line goes on with the value before. */
    private static Map<String, String> parse(Path file) {
        var options = new LinkedHashMap<String, String>();
        boolean inSection = false;
        String key = "";
        try {
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
                    continue;
                }
                if (text.startsWith("[")) {
                    inSection = text.equals("[global]") || text.equals("[install]");
                    key = "";
                } else if (inSection && Character.isWhitespace(line.charAt(0)) && !key.isEmpty()) {
                    options.merge(key, text, (before, more) -> (before + " " + more).strip());
                } else if (inSection && text.indexOf('=') > 0) {
                    key = text.substring(0, text.indexOf('=')).strip().replace('_', '-');
                    options.put(key, text.substring(text.indexOf('=') + 1).strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return options;
    }

    private static String words(String text) {
        return String.join(" ", text.strip().split("\\s+"));
    }

    /** The links that are URLs or folders that are there; pip ignores others, uv refuses them. */
    private static String existing(String links) {
        return String.join(
                ",",
                java.util.Arrays.stream(links.strip().split("\\s+"))
                        .filter(link -> link.contains("://") || Files.isDirectory(Path.of(link)))
                        .toList());
    }

    private Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name)).filter(value -> !value.isBlank());
    }

    private Optional<String> first(String... names) {
        for (String name : names) {
            String value = env.get(name);
            if (value != null && !value.isBlank()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private Optional<String> anyCase(String name) {
        return first(name, name.toUpperCase(Locale.ROOT));
    }
}
