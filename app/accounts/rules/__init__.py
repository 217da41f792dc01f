"""What addresses, passwords, codes and sessions must satisfy."""
