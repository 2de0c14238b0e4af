from __future__ import annotations

from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    name = "directory.districts"
    label = "districts"

    def ready(self) -> None:
        # Models can be imported only once the app registry is ready.
        from cms.accounts import ports
        from directory.districts import scope
        from directory.districts.components.child_class import class_of_child

        ports.child_class.register(class_of_child)
        scope.register_all()
