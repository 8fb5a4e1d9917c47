package org.millwright.web;

import java.util.Set;
import org.millwright.kernel.Problem;

/**
 * Where the server listens.
 *
 * @param port 0 picks a free one
 * @param auth whether every caller must show credentials
 * @param allowedHosts names beside localhost and private addresses that requests may be addressed to
 * @param corsOrigins origins beside localhost whose pages may call MLflow's API
 * @param prefix path before MLflow's browser paths, such as "/mlflow" behind a proxy; "" for none
 */
public record WebSettings(
        String host, int port, boolean auth, Set<String> allowedHosts, Set<String> corsOrigins, String prefix) {
    public WebSettings {
        allowedHosts = Set.copyOf(allowedHosts);
        corsOrigins = Set.copyOf(corsOrigins);
        if (port < 0 || port > 65_535) {
            throw new Problem.Invalid("port: " + port + " (expected: 0 to 65535)");
        }
        if (!prefix.matches("(/[\\w.~-]+)*")) {
            throw new IllegalArgumentException(
                    "prefix: '" + prefix + "' (expected: \"\" or a path such as /mlflow, without a slash at its end)");
        }
    }

    public WebSettings(String host, int port, boolean auth, Set<String> allowedHosts) {
        this(host, port, auth, allowedHosts, Set.of(), "");
    }
}
