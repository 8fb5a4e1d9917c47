/** The command line: parse, one call to the server, render. */
@NullMarked
package org.millwright.app.cli;

import org.jspecify.annotations.NullMarked;
