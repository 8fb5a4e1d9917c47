/** How a process that scores elsewhere speaks with a server: bounded answers, patient retries, profiles that count once. */
@NullMarked
package org.millwright.scoring.remote;

import org.jspecify.annotations.NullMarked;
